import t from 'tap'
import { order as placed } from '../testing/fake-services.ts'
import { eventIdPattern, eventsSince, nothingSeen, seenIn } from './order-life.ts'

const at = placed.createdAt
const order = {
  ...placed,
  history: [
    { status: 'pending', at, reason: '' },
    { status: 'confirmed', at, reason: '' },
    { status: 'canceled', at, reason: 'changed my mind' },
  ],
}
const orderId = order.id

t.test('the life of an order is told from its beginning, each change once', (t) => {
  const { events, seen } = eventsSince(order, nothingSeen)
  t.strictSame(events, [
    { id: '1.unpaid-none-none', event: 'order.pending', data: { orderId, status: 'pending', at } },
    { id: '2.unpaid-none-none', event: 'order.confirmed', data: { orderId, status: 'confirmed', at } },
    {
      ...{ id: '3.unpaid-none-none', event: 'order.canceled' },
      data: { orderId, status: 'canceled', at, reason: 'changed my mind' },
    },
  ])
  t.strictSame(eventsSince(order, seen).events, [])
  t.end()
})

t.test('it goes on behind whichever event was seen last', (t) => {
  const all = eventsSince({ ...order, paymentStatus: 'partially_paid' }, nothingSeen).events
  for (const [index, { id }] of all.entries()) {
    t.match(id, new RegExp(eventIdPattern))
    const again = eventsSince({ ...order, paymentStatus: 'partially_paid' }, seenIn(id, order)).events
    t.strictSame(again, all.slice(index + 1))
  }
  t.equal(all.length, 4)
  t.end()
})

t.test('how far money and goods are is told when it has changed', (t) => {
  const shipped = { ...order, paymentStatus: 'paid', fulfilmentStatus: 'partial' }
  const { events, seen } = eventsSince(shipped, { changes: 3, progress: 'unpaid-none-none' })
  t.strictSame(events, [
    {
      ...{ id: '3.paid-partial-none', event: 'order.progress' },
      data: {
        ...{ orderId, paymentStatus: 'paid', fulfilmentStatus: 'partial', returnStatus: 'none' },
        at: order.updatedAt,
      },
    },
  ])
  t.strictSame(eventsSince(shipped, seen).events, [])
  t.match(eventsSince({ ...shipped, returnStatus: 'open' }, seen).events, [{ id: '3.paid-partial-open' }])
  t.end()
})

t.test('an id that says more than has happened is not one of this order', (t) => {
  t.throws(() => seenIn('4.unpaid-none-none', order), { kind: 'invalid', code: 'stream.unknown-event-id' })
  t.end()
})
