import t from 'tap'
import type { Call } from '../../platform/call.ts'
import { confirm } from '../domain/order.ts'
import type { OrderId } from '../domain/order.ts'
import {
  admin,
  customer,
  newOrderId,
  newShipmentId,
  newUserId,
  now,
  placed,
  trace,
} from '../testing/fixtures.ts'
import { inMemoryOrders } from '../testing/in-memory-orders.ts'
import { noTill } from '../testing/no-payments.ts'
import { listPaymentsOfOrders, type Till } from './pay-orders.ts'
import { createShipment, listShipmentsOfOrders } from './ship-orders.ts'

// What pages of orders show beside them is asked for all of them together, and shows as much as order by order.

async function twoOwners() {
  const orders = inMemoryOrders()
  const owners = [newUserId(), newUserId()] as const
  const ids: OrderId[] = []
  for (const userId of owners) {
    const { order } = await orders.add(placed({ userId }), undefined, trace)
    await orders.update([{ id: order.id, trace, decide: (seen) => confirm(seen, now) }])
    const send = createShipment({ files: orders.files, newShipmentId, now: () => now })
    const lines = [{ lineId: order.lines[1]!.id, quantity: 1, isShort: false }]
    const carriage = { carrier: '', trackingNumber: '', trackingUrl: '' }
    await send({ orderId: order.id, lines, isShipped: true, ...carriage }, admin())
    ids.push(order.id)
  }
  const asked: (readonly OrderId[])[] = []
  const till: Till<string> = {
    ...(noTill as unknown as Till<string>),
    async listOfAll(orderIds) {
      asked.push(orderIds)
      return { payments: orderIds.map((id) => `of ${id}`), unread: [] }
    },
  }
  return {
    ...{ orders, owners, ids, asked },
    shipments: listShipmentsOfOrders({ files: orders.files }),
    payments: listPaymentsOfOrders({ orders, till }),
  }
}

const buyer = (orderId: OrderId): Call => ({ ...admin(), actor: { kind: 'buyer', orderId } })
const staff = (permissions: readonly ('orders:read' | 'payments:read')[]): Call => ({
  ...admin(),
  actor: { kind: 'user', userId: newUserId(), role: 'staff', permissions },
})
const nobody: Call = { ...admin(), actor: undefined }

t.test('shipments are shown of those orders that the caller may see', async (t) => {
  const { shipments, owners, ids } = await twoOwners()
  const wanted = [...ids, newOrderId()]
  const seenBy = async (call: Call) => (await shipments(wanted, call)).map(([id]) => id)
  t.same(await seenBy(admin()), ids)
  t.same(await seenBy(staff(['orders:read'])), ids)
  t.same(await seenBy(staff(['payments:read'])), [])
  t.same(await seenBy(customer(owners[0])), [ids[0]])
  t.same(await seenBy(customer(newUserId())), [])
  t.same(await seenBy(buyer(ids[1]!)), [ids[1]])
  await t.rejects(seenBy(nobody), { code: 'auth.required' })
  t.match(await shipments([ids[0]!], admin()), [[ids[0], [{ status: 'shipped', orderId: ids[0] }]]])
})

t.test('payments too, and they are asked for in one question, or in none', async (t) => {
  const { payments, owners, ids, asked } = await twoOwners()
  const wanted = [...ids, newOrderId()]
  const seenBy = async (call: Call) => (await payments(wanted, call)).payments
  const all = ids.map((id) => `of ${id}`)
  t.same(await seenBy(admin()), all)
  t.same(asked, [ids])
  t.same(await seenBy(staff(['payments:read'])), all)
  t.same(await seenBy(customer(owners[0])), [all[0]])
  t.same(await seenBy(buyer(ids[1]!)), [all[1]])
  t.same(asked.length, 4)
  t.same(await seenBy(staff(['orders:read'])), [])
  t.same(await seenBy(customer(newUserId())), [])
  await t.rejects(seenBy(nobody), { code: 'auth.required' })
  t.same(asked.length, 4)
})
