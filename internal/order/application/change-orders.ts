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
import { parseReason } from '../domain/reason.ts'
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

/** Lets an admin mark an order as paid, shipped, completed or canceled, if that transition is allowed. */
export function changeOrderStatus({ orders, now }: Deps) {
  type Input = { readonly id: OrderId; readonly status: OrderStatus; readonly reason: string }
  return async (input: Input, call: Call): Promise<Order> => {
    requireAdmin(call)
    const reason = parseReason(input.reason)
    return change(orders, input.id, call, (order) => advance(order, input.status, reason, now()))
  }
}

async function change(
  orders: Orders,
  id: OrderId,
  call: Call,
  decide: (order: Order) => OrderChange | undefined,
): Promise<Order> {
  const [changed] = await orders.update([{ id, decide, trace: traceOf(call) }], call.once)
  return visible(changed, call)
}
