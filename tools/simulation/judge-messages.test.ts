import t from 'tap'
import { judgeMessages } from './judge-messages.ts'

type Ended = Parameters<typeof judgeMessages>[0]

const mail = { id: 'mail', eventId: 'event', kind: 'order.placed', status: 'sent' }
const event = { id: 'event', subject: 'order.created' }

function judged({
  mails = [mail],
  taken = 1,
  letters = [] as readonly object[],
  outbox = [event],
}): readonly string[] {
  const stores = {
    deliveries: { all: () => mails },
    letters: { all: () => letters },
    outbox,
  }
  return judgeMessages({ stores, mailServer: { taken: new Map([['mail', taken]]) } } as unknown as Ended)
}

t.test('a mail that was sent once, for an event that is told once, is well', async (t) => {
  t.same(judged({}), [])
  t.same(
    judged({ mails: [], letters: [{ eventId: 'event' }] }),
    [],
    'nobody is told of what is a dead letter',
  )
  t.same(judged({ mails: [{ ...mail, status: 'unknown' }] }), [])
  t.same(judged({ mails: [{ ...mail, status: 'unknown' }], taken: 0 }), [])
})

t.test('what is not true of a mail is found', async (t) => {
  t.match(judged({ taken: 2 }), [/is sent, and was taken 2 times/])
  t.match(judged({ taken: 0 }), [/is sent, and was taken 0 times/])
  for (const status of ['queued', 'failed', 'skipped', 'sending'])
    t.match(judged({ mails: [{ ...mail, status }] }), [new RegExp(`is ${status}, and was taken 1 times`)])
  t.match(judged({ mails: [{ ...mail, status: 'unknown' }], taken: 2 }), [
    /is unknown, and was taken 2 times/,
  ])
})

t.test('an event that is told twice, or of which nobody is told, is found', async (t) => {
  t.match(judged({ mails: [mail, { ...mail, id: 'other', status: 'failed' }] }), [
    'told twice: event order.placed',
  ])
  t.match(judged({ mails: [] }), ['nobody was told of order.created event'])
})
