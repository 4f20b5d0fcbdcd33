import { Refusal } from '../../platform/refusal.ts'
import { someThingsAtOnce } from '../../platform/some-at-once.ts'
import { owedFor } from '../domain/line-money.ts'
import type { Orders } from './orders.ts'
import type { Payments } from './payments.ts'
import { unknownOrder } from './settle-created-orders.ts'
import { ofOrder, type ToldOrder } from './stock.ts'

type Deps = { readonly orders: Orders; readonly payments: Payments }

/** Each waits for the payments. */
const atOnce = 50

/**
 * Has the money of orders that are canceled or rejected go back. Usually their gates are closed by then; what came in
 * between is found here. That an order is over is read from the order: a message that says so and is not true closes
 * nothing.
 */
export function closeEndedOrders({ orders, payments }: Deps) {
  return async (told: readonly ToldOrder[]): Promise<readonly (Refusal | undefined)[]> => {
    return someThingsAtOnce(told, ofOrder, atOnce, async ({ orderId, trace }) => {
      const order = await orders.find(orderId)
      if (!order) return unknownOrder(orderId)
      const { status } = order
      if (status !== 'canceled' && status !== 'rejected')
        return new Refusal('invalid', 'message.order-not-over', `order ${orderId} is ${status} and not over`)
      const keepMinor = owedFor(order, ({ packed }) => packed)
      await payments.closeGate({ orderId, reason: status, refund: 'full', keepMinor, isOver: true, trace })
      return undefined
    })
  }
}
