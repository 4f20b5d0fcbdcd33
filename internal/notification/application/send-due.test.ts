import t from 'tap'
import type { Delivery } from '../domain/delivery.ts'
import { channels } from '../domain/kinds.ts'
import { delivery, later, now } from '../testing/fixtures.ts'
import { inMemoryDeliveries } from '../testing/in-memory-deliveries.ts'
import type { Made } from './made.ts'
import type { Line, Outcome } from './ports.ts'
import { sendDue, type SendDeps } from './send-due.ts'

const mail = (id: Delivery['id']): Made => ({
  mail: {
    ...{ id, to: { email: 'ada@example.com', name: 'Ada', phone: '' }, subject: 's', text: 't', html: 'h' },
    ...{ attachments: [], unsubscribeUrl: undefined },
  },
})

function world(outcome: Outcome | (() => Promise<Outcome>), overrides: Partial<SendDeps> = {}) {
  const deliveries = inMemoryDeliveries()
  const clock = { at: now }
  const sent: string[] = []
  const statuses: string[] = []
  const line: Line = {
    async send() {
      sent.push('mail')
      statuses.push(...deliveries.all().map(({ status }) => status))
      return typeof outcome === 'function' ? outcome() : outcome
    },
    release: () => undefined,
  }
  const send = sendDue({
    ...{ deliveries, leaseMs: 60_000, now: () => clock.at, report: () => undefined },
    failpoint: () => undefined,
    channels,
    pace: { take: (most) => most, giveBack: () => undefined },
    make: async ({ id }) => mail(id),
    carriers: {
      email: {
        compose: async ({ to }) => ({ to: to.email, bytes: Buffer.from('') }),
        connect: async () => line,
      },
    },
    ...overrides,
  })
  return { deliveries, clock, sent, statuses, send, line }
}

t.test('that a mail is being sent is stored before the first word of it goes out', async (t) => {
  const { deliveries, send, statuses } = world({ kind: 'sent' })
  await deliveries.add([delivery()])
  t.equal(await send(), 1)
  t.same(statuses, ['sending'])
  t.match(deliveries.all(), [{ status: 'sent', attempts: 1 }])
  t.match(deliveries.events, [{ type: 'sent' }])
  t.equal(await send(), 0)
})

t.test('a refusal for now is tried again, one for good is not', async (t) => {
  const later5 = world({ kind: 'refused', isFinal: false, failure: 'smtp-451' })
  await later5.deliveries.add([delivery()])
  await later5.send()
  t.match(later5.deliveries.all(), [{ status: 'queued', failure: 'smtp-451', nextAt: later(5_000) }])
  const never = world({ kind: 'refused', isFinal: true, failure: 'smtp-550' })
  await never.deliveries.add([delivery()])
  await never.send()
  t.match(never.deliveries.all(), [{ status: 'failed', failure: 'smtp-550' }])
  t.match(never.deliveries.events, [{ type: 'failed' }])
})

t.test('whoever asks to come later is not asked before', async (t) => {
  const { deliveries, send } = world({
    kind: 'refused',
    isFinal: false,
    failure: 'twilio-20429',
    afterMs: 90_000,
  })
  await deliveries.add([delivery()])
  await send()
  t.match(deliveries.all(), [{ status: 'queued', failure: 'twilio-20429', nextAt: later(90_000) }])
  const impatient = world({ kind: 'refused', isFinal: false, failure: 'twilio-20429', afterMs: 1_000 })
  await impatient.deliveries.add([delivery()])
  await impatient.send()
  t.match(impatient.deliveries.all(), [{ nextAt: later(5_000) }])
})

t.test('what is to go by channels of others is left to them', async (t) => {
  const { deliveries, send, sent } = world({ kind: 'sent' }, { channels: ['email'] })
  await deliveries.add([delivery({ kind: 'order.shipped', channel: 'sms' })])
  t.equal(await send(), 0)
  t.match([deliveries.all(), sent], [[{ status: 'queued', leaseUntil: undefined }], []])
})

t.test('what may have been sent is not sent again by itself', async (t) => {
  const { deliveries, send, sent, clock } = world({ kind: 'unknown', failure: 'no-answer' })
  await deliveries.add([delivery()])
  await send()
  clock.at = later(1e9)
  await send()
  t.equal(sent.length, 1)
  t.match(deliveries.all(), [{ status: 'unknown' }])
})

t.test('a process that dies while it sends leaves an unknown, as soon as its lease has ended', async (t) => {
  const death = world(() => Promise.reject(new Error('the process dies here')))
  await death.deliveries.add([delivery()])
  await t.rejects(death.send())
  t.match(death.deliveries.all(), [{ status: 'sending' }])
  t.equal(await death.send(), 0, 'nobody takes it before')
  death.clock.at = later(60_000)
  t.equal(await death.send(), 1)
  t.match(death.deliveries.all(), [{ status: 'unknown', failure: 'no-answer', attempts: 1 }])
  t.match(death.deliveries.events, [{ type: 'unknown' }])
})

t.test('a worker that was taken for dead still says what it knows', async (t) => {
  const slow = world(async () => {
    slow.clock.at = later(60_000)
    await slow.send()
    t.match(slow.deliveries.all(), [{ status: 'unknown' }])
    return { kind: 'sent' }
  })
  await slow.deliveries.add([delivery()])
  await slow.send()
  t.match(slow.deliveries.all(), [{ status: 'sent', version: 2 }])
  t.match(slow.deliveries.events, [{ type: 'unknown' }, { type: 'sent' }])
})

t.test('while no server takes mails, nothing counts as an attempt', async (t) => {
  const { deliveries, send } = world(
    { kind: 'sent' },
    {
      carriers: {
        email: {
          compose: async () => ({ to: '', bytes: Buffer.from('') }),
          connect: () => Promise.reject(new Error('refused')),
        },
      },
    },
  )
  await deliveries.add([delivery(), delivery()])
  await t.rejects(send(), /refused/)
  for (const each of deliveries.all())
    t.match(each, { status: 'queued', attempts: 0, nextAt: later(5_000), leaseUntil: undefined })
})

t.test('a message by a channel that is off is not sent, and does not wait', async (t) => {
  const { deliveries, send, sent } = world({ kind: 'sent' })
  await deliveries.add([delivery({ kind: 'staff.low-stock', channel: 'slack' })])
  await send()
  t.match(deliveries.all(), [{ status: 'skipped', failure: 'off', attempts: 0 }])
  t.same(sent, [])
})

t.test('a mail that can not be made just now waits, and the others go', async (t) => {
  const ill = delivery({ nextAt: later(-1) })
  const make = async ({ id }: Delivery): Promise<Made> => {
    if (id === ill.id) throw new Error('the order service is away')
    return mail(id)
  }
  const { deliveries, send } = world({ kind: 'sent' }, { make })
  await deliveries.add([ill, delivery()])
  await send()
  t.match(deliveries.all(), [{ status: 'queued', attempts: 0, nextAt: later(5_000) }, { status: 'sent' }])
})

t.test('what nobody wants any more is skipped', async (t) => {
  const { deliveries, send, sent } = world({ kind: 'sent' }, { make: async () => ({ skip: 'muted' }) })
  await deliveries.add([delivery()])
  await send()
  t.match(deliveries.all(), [{ status: 'skipped', failure: 'muted' }])
  t.same(sent, [])
})

t.test('after three days of refusals it is given up', async (t) => {
  const { deliveries, send, clock } = world({ kind: 'refused', isFinal: false, failure: 'smtp-451' })
  await deliveries.add([delivery()])
  await send()
  clock.at = later(3 * 86_400_000 + 1)
  await send()
  t.match(deliveries.all(), [{ status: 'failed', failure: 'smtp-451' }])
})

t.test('no more is sent than the pace allows', async (t) => {
  const { deliveries, send, sent } = world(
    { kind: 'sent' },
    { pace: { take: () => 1, giveBack: () => undefined } },
  )
  await deliveries.add([delivery(), delivery()])
  t.equal(await send(), 1)
  t.equal(sent.length, 1)
  const stopped = world({ kind: 'sent' }, { pace: { take: () => 0, giveBack: () => undefined } })
  await stopped.deliveries.add([delivery()])
  t.equal(await stopped.send(), 0)
  t.match(stopped.deliveries.all(), [{ status: 'queued', leaseUntil: undefined }])
})
