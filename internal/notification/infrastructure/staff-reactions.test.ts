import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { Delivered } from '../../platform/reaction.ts'
import type { StaffNews } from '../domain/news.ts'
import { staffReactions } from './staff-reactions.ts'

function world() {
  const told: StaffNews[] = []
  const react = staffReactions(async (news) => {
    told.push(...news)
    return news.map(() => undefined)
  })
  return { told, react }
}

const event = (subject: string, data: Delivered['data']): Delivered => ({
  ...{ type: `tillstream.${subject}.v1`, data },
  trace: { correlationId: 'c', causationId: newId(), traceparent: '' },
})
const id = newId()
const nothing = { orderId: '', endpointId: '', deadLetterId: '', productId: '' }

for (const [reaction, subject, data, news] of [
  [
    ...(['tell-mismatch', 'payment.mismatch', { orderId: id, paymentId: id, gateVersion: 3 }] as const),
    { kind: 'staff.payment-mismatch', refs: { orderId: id, paymentId: id } },
  ],
  [
    ...(['tell-dispute-opened', 'dispute.opened', { orderId: id, paymentId: id, gateVersion: 3 }] as const),
    { kind: 'staff.dispute-opened', refs: { orderId: id, paymentId: id } },
  ],
  [
    ...(['tell-dispute-lost', 'dispute.lost', { orderId: id, paymentId: id, gateVersion: 4 }] as const),
    { kind: 'staff.dispute-lost', refs: { orderId: id, paymentId: id } },
  ],
  [
    ...(['tell-endpoint-paused', 'notification.endpoint_paused'] as const),
    { endpointId: id, reason: 'http-410' },
    { kind: 'staff.endpoint-paused', refs: { endpointId: id, reason: 'http-410' } },
  ],
  [
    ...(['tell-dead-letter', 'dead_letter.added'] as const),
    { deadLetterId: id, subscription: 'tell-orders', code: 'x.y' },
    { kind: 'staff.dead-letter', refs: { deadLetterId: id, subscription: 'tell-orders', code: 'x.y' } },
  ],
  [
    ...(['tell-low-stock', 'stock.low', { productId: id, sku: 'MUG' }] as const),
    { kind: 'staff.low-stock', refs: { productId: id, sku: 'MUG', available: '0' } },
  ],
] as const) {
  t.test(`${subject} is news for staff, and refused without its ids`, async (t) => {
    const { told, react } = world()
    const answers = await react[reaction]!([event(subject, data), event(subject, { ...data, ...nothing })])
    t.equal(answers[0], undefined)
    t.match(answers[1], { kind: 'invalid', code: /^message\.invalid-/ })
    t.equal(told.length, 1)
    t.match(told[0], news)
    t.ok(Math.abs(told[0]!.at.getTime() - Date.now()) < 5_000)
  })
}

t.test('a text of a stranger is one line, and short', async (t) => {
  const { told, react } = world()
  const sku = `A\r\nB\u2028C${'x'.repeat(1_000)}`
  await react['tell-low-stock']!([event('stock.low', { productId: id, sku, available: 'many' })])
  t.match(told[0]!.refs, { sku: /^A B Cx{95}$/, available: '' })
})
