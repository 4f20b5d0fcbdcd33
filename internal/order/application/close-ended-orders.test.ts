import t from 'tap'
import { cancel, confirm } from '../domain/order.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { newOrderId, now, placed, trace } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { closeEndedOrders } from './close-ended-orders.ts'

t.test('the money of orders that are over goes back, and of no others', async (t) => {
  const [orders, payments] = [inMemoryOrders(), fakePayments()]
  const close = closeEndedOrders({ orders, payments })
  const [{ order: over }, { order: alive }] = [
    await orders.add(placed(), undefined, trace),
    await orders.add(placed(), undefined, trace),
  ]
  for (const { id } of [over, alive])
    await orders.update([{ id, trace, decide: (seen) => confirm(seen, now) }])
  await orders.update([{ id: over.id, trace, decide: (seen) => cancel(seen, '', now) }])
  const told = [over.id, alive.id, newOrderId()].map((orderId) => ({ orderId, trace }))
  t.match(await close(told), [
    undefined,
    { code: 'message.order-not-over' },
    { code: 'message.unknown-order' },
  ])
  t.strictSame(
    payments.closed.map(({ orderId, reason, refund, isOver }) => ({ orderId, reason, refund, isOver })),
    [{ orderId: over.id, reason: 'canceled', refund: 'full', isOver: true }],
  )
})
