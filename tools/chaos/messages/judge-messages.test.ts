import t from 'tap'
import { violatedIn } from '../testing/world.ts'
import type { EndMail, EndMessages, WantedEvent } from './end-messages.ts'
import { judgeMessages } from './judge-messages.ts'
import type { HookCall } from './receiver.ts'

const mail = (more: Partial<EndMail> = {}): EndMail => ({
  ...{ id: 'm1', event: 'e1', kind: 'order.placed', status: 'sent', failure: '', isOfErased: false },
  ...more,
})
const wants = (event: string, version: number, more: Partial<WantedEvent> = {}): WantedEvent => ({
  ...{ endpoint: 'erp', event, type: 'order.created', line: 'ORDERS o1', version },
  ...more,
})
const call = (event: string, more: Partial<HookCall> = {}): HookCall => ({
  ...{ endpoint: 'erp', event, type: 'order.created', isTaken: true },
  ...more,
})
const [first, second] = [wants('e1', 1), wants('e2', 2)]
const calm: EndMessages = {
  ...{ expectedMails: [{ event: 'e1', kind: 'order.placed' }], mails: [mail()], arrived: ['m1'] },
  ...{ wanted: [first, second], calls: [call('e1'), call('e2')] },
}
const broken = (more: Partial<EndMessages>): readonly string[] =>
  violatedIn(judgeMessages({ ...calm, ...more }).rules)

const oneMail = 'for each event that people are told of there is one mail'
const once = 'a mail arrives once, or it is recorded that nobody knows, and then at most once'
const nobodys = 'what is in the inbox was sent by the shop'
const taken = 'an endpoint has taken each event that it wants'
const inOrder = 'an endpoint gets an event when it has taken the one before of the same subject'
const onlyWanted = 'an endpoint gets only what it wants'

t.test('one mail, and events one after the other, are in order', async (t) => {
  t.same(broken({}), [])
  t.match(judgeMessages(calm).counts, { mails: 1, unknown: 0, skipped: 0, wanted: 2, calls: 2 })
})

t.test('a mail that was never made, or made twice, is found', async (t) => {
  t.same(broken({ mails: [], arrived: [] }), [oneMail])
  t.same(broken({ mails: [mail(), mail({ id: 'm2' })], arrived: ['m1', 'm2'] }), [oneMail])
  t.same(broken({ mails: [mail({ kind: 'order.rejected' })] }), [oneMail], 'another kind is another mail')
})

t.test('a mail that arrived twice, or never, is found', async (t) => {
  t.same(broken({ arrived: ['m1', 'm1'] }), [once])
  t.same(broken({ arrived: [] }), [once])
})

t.test('one of which nobody knows arrived once or not, and not twice', async (t) => {
  const mails = [mail({ status: 'unknown' })]
  t.same(broken({ mails }), [])
  t.same(broken({ mails, arrived: [] }), [])
  t.same(broken({ mails, arrived: ['m1', 'm1'] }), [once])
  t.match(judgeMessages({ ...calm, mails }).counts, { unknown: 1 })
})

t.test('who was erased meanwhile gets no mail, and need not', async (t) => {
  const skipped = { status: 'skipped', kind: 'order.placed' } as const
  t.same(broken({ mails: [mail({ ...skipped, isOfErased: true })], arrived: [] }), [])
  t.same(broken({ mails: [mail(skipped)], arrived: [] }), [once])
})

t.test('of an event that somebody has invented nobody gets a mail', async (t) => {
  const invented = mail({ id: 'm9', event: 'e9', status: 'skipped', failure: 'gone' })
  t.same(broken({ mails: [mail(), invented] }), [])
  t.same(broken({ mails: [mail(), invented], arrived: ['m1', 'm9'] }), [once])
  t.same(broken({ mails: [mail({ status: 'skipped', failure: 'gone' })], arrived: [] }), [once])
})

t.test('only what is over by then is left out', async (t) => {
  t.same(broken({ mails: [mail({ status: 'skipped' })], arrived: [] }), [once])
  const kind = 'order.hold-ending'
  const over = { expectedMails: [{ event: 'e1', kind }], mails: [mail({ kind, status: 'skipped' })] }
  t.same(broken({ ...over, arrived: [] }), [])
  t.same(broken(over), [once], 'and then it does not arrive')
  t.same(broken({ mails: [mail({ status: 'failed' })], arrived: [] }), [once])
  t.same(broken({ mails: [mail({ status: 'sending' })], arrived: [] }), [once])
})

t.test('a mail of which the shop knows nothing is found', async (t) => {
  t.same(broken({ arrived: ['m1', 'm9'] }), [nobodys])
})

t.test(
  'an event that no endpoint took is found, and one that was refused and taken later is not',
  async (t) => {
    t.same(broken({ calls: [call('e1')] }), [taken])
    t.same(broken({ calls: [call('e1'), call('e2', { isTaken: false })] }), [taken])
    t.same(broken({ calls: [call('e1', { isTaken: false }), call('e1'), call('e2')] }), [])
    t.same(broken({ calls: [call('e1'), call('e2', { endpoint: 'books' })] }), [taken, onlyWanted])
  },
)

t.test('an event may come again, but not before the one before it was taken', async (t) => {
  t.same(broken({ calls: [call('e1'), call('e2'), call('e1')] }), [])
  t.same(broken({ calls: [call('e2'), call('e1')] }), [inOrder])
  t.same(broken({ calls: [call('e1', { isTaken: false }), call('e2'), call('e1')] }), [inOrder])
  const others = [first, wants('e2', 1, { line: 'ORDERS o2' })]
  t.same(broken({ wanted: others, calls: [call('e2'), call('e1')] }), [], 'of different subjects any order')
})

t.test('what an endpoint did not ask for is found', async (t) => {
  t.same(broken({ calls: [call('e1'), call('e2'), call('e9')] }), [onlyWanted])
  t.same(broken({ calls: [call('e1'), call('e2', { type: 'order.paid' })] }), [onlyWanted])
})
