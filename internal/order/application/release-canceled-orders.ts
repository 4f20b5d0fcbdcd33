import { Refusal } from '../../platform/refusal.ts'
import type { Order, OrderId } from '../domain/order.ts'
import type { Orders } from './orders.ts'
import { unknownOrder } from './settle-created-orders.ts'
import type { Stock, ToldOrder } from './stock.ts'

type Deps = { readonly stock: Stock; readonly orders: Orders }

/**
 * Releases the stock of canceled orders and then marks the orders as released. Both are idempotent by order id. That an
 * order is canceled is read from the order: a message that says so and is not true releases nothing. Answers for each
 * order with the refusal of its message.
 */
export function releaseCanceledOrders({ stock, orders }: Deps) {
  return async (told: readonly ToldOrder[]): Promise<readonly (Refusal | undefined)[]> => {
    const found = await Promise.all(told.map(({ orderId }) => orders.find(orderId)))
    const waiting = told.filter((_, index) => found[index]?.awaitingRelease === true)
    if (waiting.length > 0) {
      await stock.release(waiting)
      await orders.markReleased(waiting.map(({ orderId }) => orderId))
    }
    return told.map(({ orderId }, index) => refusalOf(orderId, found[index]))
  }
}

function refusalOf(orderId: OrderId, order: Order | undefined): Refusal | undefined {
  if (order?.status === 'canceled') return undefined
  if (!order) return unknownOrder(orderId)
  return new Refusal(
    'invalid',
    'message.not-canceled',
    `order ${orderId} is ${order.status} and not canceled`,
  )
}
