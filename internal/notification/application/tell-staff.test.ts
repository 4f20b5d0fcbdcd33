import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { staffId } from '../domain/delivery.ts'
import type { Channel } from '../domain/kinds.ts'
import type { StaffNews } from '../domain/news.ts'
import { later, newDeliveryId, now } from '../testing/fixtures.ts'
import { inMemoryDeliveries } from '../testing/in-memory-deliveries.ts'
import { makeStaffMessage } from './make-staff-message.ts'
import { tellStaff } from './tell-staff.ts'

function world(channels: readonly Channel[]) {
  const deliveries = inMemoryDeliveries()
  const woken: string[] = []
  const tell = tellStaff({
    ...{ deliveries, channels, withinMs: 3_600_000, newDeliveryId, now: () => now },
    wake: () => void woken.push('wake'),
  })
  return { deliveries, woken, tell }
}

function news(overrides: Partial<StaffNews> = {}): StaffNews {
  const eventId = newId()
  const refs = { productId: newId(), sku: 'MUG', available: '4' }
  const trace = { correlationId: 'c', causationId: eventId, traceparent: '' }
  return { eventId, at: now, kind: 'staff.low-stock', refs, trace, ...overrides }
}

t.test('staff are told once by each channel that is on, however often the event comes', async (t) => {
  const { deliveries, woken, tell } = world(['email', 'slack'])
  const event = news()
  t.same(await tell([event, news({ kind: 'staff.endpoint-paused' })]), [undefined, undefined])
  await tell([event])
  t.same(
    deliveries.all().map(({ kind, channel, recipient, status }) => [kind, channel, recipient, status]),
    (['staff.low-stock', 'staff.endpoint-paused'] as const).flatMap((kind) =>
      ['email', 'slack'].map((channel) => [kind, channel, { type: 'staff', id: staffId }, 'queued']),
    ),
  )
  t.same(woken, ['wake'])
})

t.test('nobody is told of what is old, nor by a channel that is off', async (t) => {
  const { deliveries, woken, tell } = world([])
  await tell([news()])
  const on = world(['slack'])
  await on.tell([news({ at: later(-3_600_001) }), news()])
  t.equal(deliveries.all().length, 0)
  t.same(woken, [])
  t.same(
    on.deliveries.all().map(({ channel }) => channel),
    ['slack'],
  )
})

t.test('a mail has a frame, and Slack the words alone', async (t) => {
  const { deliveries, tell } = world(['email', 'slack'])
  await tell([news()])
  const make = makeStaffMessage({
    ...{ staffEmail: 'staff@example.com', defaultLanguage: 'en', shopName: 'Our Shop' },
  })
  const [mail, post] = await Promise.all(deliveries.all().map(make))
  t.match(mail, { mail: { to: { email: 'staff@example.com' }, subject: 'Stock is low: MUG' } })
  t.match(mail, { mail: { text: /^Hello,\n[^]*Units left: 4[^]*because you look after the shop/ } })
  t.match(post, {
    mail: { subject: 'Stock is low: MUG', text: /^Fewer units[^]*Product: [^\n]+$/, html: '' },
  })
})
