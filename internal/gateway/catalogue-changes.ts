import { LRUCache } from 'lru-cache'
import type { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import type { OrderSchema, OrderService } from '../gen/order/v1/order_pb.ts'
import type { Handlers } from '../platform/service.ts'
import type { Wire } from '../platform/wire.ts'
import type { Thing } from './shared-answers.ts'

/** Some product is new, different or gone: any list may change. */
export const anyProduct: Thing = 'any product'

/** Some product's stock has changed: any list that is chosen by stock may change. */
export const anyStock: Thing = 'any stock'

export type Changed = (things: readonly Thing[]) => void

/** What is changed through this gateway is changed for its callers before they are told. */
export function noticeChanges(
  inventory: Handlers<typeof InventoryService>,
  changed: Changed,
): Handlers<typeof InventoryService> {
  // Also when it fails: a call that has timed out may have been done.
  const after = async <Answer>(work: Promise<Answer>, things: readonly Thing[]): Promise<Answer> =>
    work.finally(() => changed(things))
  return {
    ...inventory,
    createProduct: (request, call) => after(inventory.createProduct(request, call), [anyProduct]),
    updateProduct: (request, call) =>
      after(inventory.updateProduct(request, call), [idOf(request.id), anyProduct]),
    deleteProduct: (request, call) =>
      after(inventory.deleteProduct(request, call), [idOf(request.id), anyProduct]),
    adjustStock: (request, call) =>
      after(inventory.adjustStock(request, call), [idOf(request.productId), anyStock]),
  }
}

/** Ids are the same in capitals; answers have them as the services do. */
const idOf = (id: string): Thing => id.toLowerCase()

type Order = Wire<typeof OrderSchema>

/** The versions of orders that were shown last. When a forgotten one is shown again, a few answers end once more. */
const rememberedOrders = 20_000

/**
 * Stock is booked before an order is settled. So whoever is shown a settled order sees the stock as it was left, though
 * the event that tells of it may still be under way.
 */
export function noticeSettledOrders(
  orders: Handlers<typeof OrderService>,
  changed: Changed,
): Handlers<typeof OrderService> {
  const seen = new LRUCache<string, true>({ max: rememberedOrders })
  const see = (order: Order): void => {
    const version = `${order.id} ${order.version}`
    if (order.status === 'pending' || seen.has(version)) return
    seen.set(version, true)
    changed([...order.items.map(({ productId }) => productId), anyStock])
  }
  const seeing = async <Answer extends { readonly order: Order }>(work: Promise<Answer>): Promise<Answer> => {
    const answer = await work
    see(answer.order)
    return answer
  }
  return {
    ...orders,
    placeOrder: (request, call) => seeing(orders.placeOrder(request, call)),
    getOrder: (request, call) => seeing(orders.getOrder(request, call)),
    cancelOrder: (request, call) => seeing(orders.cancelOrder(request, call)),
    changeOrderStatus: (request, call) => seeing(orders.changeOrderStatus(request, call)),
    async listOrders(request, call) {
      const page = await orders.listOrders(request, call)
      page.orders.forEach(see)
      return page
    },
  }
}
