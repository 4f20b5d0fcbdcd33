import { LRUCache } from 'lru-cache'
import type { Order, OrderId } from '../domain/order.ts'

/**
 * New orders as this process has just stored them, until their first change, which nearly always is their settlement a moment
 * later: it need not read them. Another process may have changed them since, so they are good for a change, whose write asks for
 * the version, and for nothing else.
 */
export type RememberedOrders = {
  readonly remember: (order: Order) => void
  /** Once; undefined for an order that somebody else stored, or that was pushed out by newer ones. */
  readonly take: (id: OrderId) => Order | undefined
}

/** Several seconds of orders at the best rate measured, some 10 MB. */
const defaultLimit = 10_000

export function rememberOrders(limit = defaultLimit): RememberedOrders {
  const orders = new LRUCache<OrderId, Order>({ max: limit })
  return {
    remember: (order) => void orders.set(order.id, order),
    take(id) {
      const order = orders.peek(id)
      if (order) orders.delete(id)
      return order
    },
  }
}
