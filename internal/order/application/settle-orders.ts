import { requireSystem, type Call, type Trace } from '../../platform/call.ts'
import type { OrderId } from '../domain/order.ts'
import { settle, type Outcome } from '../domain/settle.ts'
import type { Orders } from './orders.ts'

export type Settlement = { readonly orderId: OrderId; readonly outcome: Outcome; readonly trace: Trace }

/** Confirms and rejects as the inventory decided. Idempotent by order id; answers with the orders that do not exist. */
export function settleOrders({ orders, now }: { readonly orders: Orders; readonly now: () => Date }) {
  return async (settlements: readonly Settlement[], call: Call): Promise<readonly OrderId[]> => {
    requireSystem(call)
    const at = now()
    const settled = await orders.update(
      settlements.map(({ orderId, outcome, trace }) => ({
        id: orderId,
        trace,
        decide: (order) => settle(order, outcome, at),
      })),
    )
    return settlements.flatMap(({ orderId }, index) => (settled[index] ? [] : [orderId]))
  }
}
