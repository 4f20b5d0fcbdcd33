import { LRUCache } from 'lru-cache'
import type { Order, OrderId } from '../domain/order.ts'

/**
 * Keeps new orders of this process until their first change. Nearly always that is their settlement a moment later,
 * which then need not read them from the database. Another process may have changed them meanwhile, so they may be
 * used only for a change, because its write checks the version.
 */
export type RememberedOrders = {
  readonly remember: (order: Order) => void
  /**
   * Returns an order only once. Undefined for an order that another process stored, or that newer ones have displaced.
   */
  readonly take: (id: OrderId) => Order | undefined
  /** Leaves it there. */
  readonly look: (id: OrderId) => Order | undefined
}

/** Several seconds of orders at the best rate measured. */
const defaultLimit = 10_000

export function rememberOrders(limit = defaultLimit): RememberedOrders {
  const orders = new LRUCache<OrderId, Order>({ max: limit })
  return {
    look: (id) => orders.peek(id),
    remember: (order) => void orders.set(order.id, order),
    take(id) {
      const order = orders.peek(id)
      if (order) orders.delete(id)
      return order
    },
  }
}
