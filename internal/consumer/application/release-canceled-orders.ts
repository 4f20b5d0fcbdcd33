import type { OrderId } from '../domain/created-order.ts'
import type { Inventory, Orders } from './ports.ts'

type Deps = { readonly inventory: Inventory; readonly orders: Orders }

/** The stock of canceled orders goes back, once; then the orders know. */
export function releaseCanceledOrders({ inventory, orders }: Deps) {
  return async (ids: readonly OrderId[]): Promise<void> => {
    await inventory.release(ids)
    await orders.markReleased(ids)
  }
}
