import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { applyMoney, type Money } from '../domain/money.ts'
import { confirm, type Order } from '../domain/order.ts'
import type { ShipmentId } from '../domain/parcel.ts'
import { pack } from '../domain/shipment.ts'
import { fakePayments } from '../testing/fake-payments.ts'
import { newOrderId, now, placed, trace } from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { capturePacked } from './capture-packed.ts'

const carriage = { carrier: '', trackingNumber: '', trackingUrl: '' }

const authorized: Money = {
  ...{ gateVersion: 1, dueMinor: 648n, authorizedMinor: 648n, capturedMinor: 0n, refundedMinor: 0n },
  ...{ attempt: 'none', flags: [] },
}

t.test('money is taken of orders of which something is packed, unless it was taken before', async (t) => {
  const [orders, payments] = [inMemoryOrders(), fakePayments()]
  const capture = capturePacked({ orders, payments })
  const paid = async (money: Money, isPacked: boolean): Promise<Order> => {
    const { order } = await orders.add(placed(), undefined, trace)
    const { id } = order
    await orders.update([{ id, trace, decide: (seen) => confirm(seen, now) }])
    await orders.files.update({ id, trace, decide: (file) => applyMoney(file, money, now) })
    if (isPacked)
      await orders.files.update({
        ...{ id, trace },
        decide(file) {
          const [line] = file.order.lines
          const lines = line ? [{ lineId: line.id, quantity: 1, isShort: false }] : []
          return pack(file, { ...carriage, id: newId() as ShipmentId, lines }, now)
        },
      })
    return order
  }
  const due = await paid(authorized, true)
  const [unpacked, taken] = [
    await paid(authorized, false),
    await paid({ ...authorized, authorizedMinor: 0n, capturedMinor: 648n }, true),
  ]
  const told = [due.id, due.id, unpacked.id, taken.id, newOrderId()].map((orderId) => ({ orderId, trace }))
  t.match(await capture(told), [
    ...[undefined, undefined, undefined, undefined],
    { code: 'message.unknown-order' },
  ])
  t.strictSame(payments.captured, [due.id])
})
