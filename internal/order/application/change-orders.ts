import { requireAdmin, requireUser, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import {
  advance,
  cancel,
  type Order,
  type OrderChange,
  type OrderId,
  type OrderStatus,
} from '../domain/order.ts'
import type { OrderFile } from '../domain/order-file.ts'
import { parseReason } from '../domain/reason.ts'
import type { ShipmentId } from '../domain/parcel.ts'
import { shipRest } from '../domain/shipment.ts'
import type { OrderFiles } from './order-files.ts'
import type { Orders } from './orders.ts'
import { visible } from './read-orders.ts'

type Deps = { readonly orders: Orders; readonly now: () => Date }

/** Cancels an order for its customer or an admin. Its hold is released because of order.canceled. */
export function cancelOrder({ orders, now }: Deps) {
  type Input = { readonly id: OrderId; readonly reason: string }
  return async (input: Input, call: Call): Promise<Done<Order>> => {
    requireUser(call)
    const reason = parseReason(input.reason)
    const { result, isReplay } = await doOnce(call.once, orders.findByRequest, () =>
      change(orders, input.id, call, (order) => cancel(visible(order, call), reason, now())),
    )
    return { result: visible(result, call), isReplay }
  }
}

type StatusDeps = Deps & { readonly files: OrderFiles; readonly newShipmentId: () => ShipmentId }

/** Lets an admin mark an order as paid, completed or canceled, if that transition is allowed, or ship all that is left. */
export function changeOrderStatus({ orders, files, newShipmentId, now }: StatusDeps) {
  type Input = { readonly id: OrderId; readonly status: OrderStatus; readonly reason: string }
  return async (input: Input, call: Call): Promise<Order> => {
    requireAdmin(call)
    const reason = parseReason(input.reason)
    if (input.status === 'shipped') {
      const wanted = { id: newShipmentId(), ...unsaid }
      const decide = (file: OrderFile) => shipRest(file, wanted, reason, now())
      return visible((await files.update({ id: input.id, decide, trace: traceOf(call) }))?.order, call)
    }
    return change(orders, input.id, call, (order) => advance(order, input.status, reason, now()))
  }
}

/** Nobody has said how the parcel travels. */
const unsaid = { carrier: '', trackingNumber: '', trackingUrl: '' }

async function change(
  orders: Orders,
  id: OrderId,
  call: Call,
  decide: (order: Order) => OrderChange | undefined,
): Promise<Order> {
  const [changed] = await orders.update([{ id, decide, trace: traceOf(call) }], call.once)
  return visible(changed, call)
}
