import type { Orders } from './orders.ts'
import type { CanceledOrder, Stock } from './stock.ts'

type Deps = { readonly stock: Stock; readonly orders: Orders }

/** Releases the stock of canceled orders and then marks the orders as released. Both are idempotent by order id. */
export function releaseCanceledOrders({ stock, orders }: Deps) {
  return async (canceled: readonly CanceledOrder[]): Promise<void> => {
    await stock.release(canceled)
    await orders.markReleased(canceled.map(({ orderId }) => orderId))
  }
}
