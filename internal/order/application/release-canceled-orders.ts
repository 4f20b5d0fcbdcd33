import type { Orders } from './orders.ts'
import type { CanceledOrder, Stock } from './stock.ts'

type Deps = { readonly stock: Stock; readonly orders: Orders }

/** The stock of canceled orders goes back, once; then the orders know. */
export function releaseCanceledOrders({ stock, orders }: Deps) {
  return async (canceled: readonly CanceledOrder[]): Promise<void> => {
    await stock.release(canceled)
    await orders.markReleased(canceled.map(({ orderId }) => orderId))
  }
}
