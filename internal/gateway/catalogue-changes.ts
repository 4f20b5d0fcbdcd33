import { LRUCache } from 'lru-cache'
import type { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import type { OrderSchema, OrderService } from '../gen/order/v1/order_pb.ts'
import type { Handlers } from '../platform/service.ts'
import type { Wire } from '../platform/wire.ts'
import type { Thing } from './shared-answers.ts'

/** Stands for a product that is new, changed or gone, which may change any list. */
export const anyProduct: Thing = 'any product'

/** Stands for a category that is new, moved or gone, whose products show its path. */
export const anyCategory: Thing = 'any category'

/** Stands for a family that is new, renamed or gone. Which products are in it are changes of these. */
export const anyFamily: Thing = 'any family'

/** Stands for a change of any product's stock, which may change any list that is filtered by stock. */
export const anyStock: Thing = 'any stock'

export type Changed = (things: readonly Thing[]) => void

/** Reports each change that is made through this gateway before its caller gets the answer. */
export function noticeChanges(
  inventory: Handlers<typeof InventoryService>,
  changed: Changed,
): Handlers<typeof InventoryService> {
  // A failed call is reported too, because one that has timed out may still have been executed.
  const after = async <Answer>(work: Promise<Answer>, things: readonly Thing[]): Promise<Answer> =>
    work.finally(() => changed(things))
  return {
    ...inventory,
    createProduct: (request, call) =>
      after(inventory.createProduct(request, call), [anyProduct, ...madeBy(request)]),
    updateProduct: (request, call) =>
      after(inventory.updateProduct(request, call), [...[idOf(request.id), anyProduct], ...madeBy(request)]),
    deleteProduct: (request, call) =>
      after(inventory.deleteProduct(request, call), [idOf(request.id), anyProduct]),
    createCategory: (request, call) => after(inventory.createCategory(request, call), [anyCategory]),
    updateCategory: (request, call) =>
      after(inventory.updateCategory(request, call), [anyCategory, anyProduct]),
    deleteCategory: (request, call) => after(inventory.deleteCategory(request, call), [anyCategory]),
    createFamily: (request, call) => after(inventory.createFamily(request, call), [anyFamily]),
    updateFamily: (request, call) => after(inventory.updateFamily(request, call), [anyFamily]),
    deleteFamily: (request, call) => after(inventory.deleteFamily(request, call), [anyFamily]),
    addImage: (request, call) =>
      after(inventory.addImage(request, call), [idOf(request.productId), anyProduct]),
    deleteImage: (request, call) =>
      after(inventory.deleteImage(request, call), [idOf(request.productId), anyProduct]),
    importProducts: (request, call) => after(inventory.importProducts(request, call), [anyProduct, anyStock]),
    adjustStock: (request, call) =>
      after(inventory.adjustStock(request, call), [idOf(request.productId), anyStock]),
  }
}

/** A product's path makes what is missing of it. */
const madeBy = ({ category }: { readonly category?: string | undefined }): readonly Thing[] =>
  category === undefined ? [] : [anyCategory]

/** A request may have an id in capitals; the services answer with lower case. */
const idOf = (id: string): Thing => id.toLowerCase()

type Order = Wire<typeof OrderSchema>

/**
 * How many shown versions of orders are remembered. If a forgotten one is shown again, some cached answers are
 * dropped.
 */
const rememberedOrders = 20_000

/**
 * Reports a change of stock whenever a settled order is shown for the first time, because stock is booked before an
 * order is settled. So a client that has seen the settled order also sees its stock, although the event of it may
 * still be on its way.
 */
export function noticeSettledOrders(
  orders: Handlers<typeof OrderService>,
  changed: Changed,
): Handlers<typeof OrderService> {
  const seen = new LRUCache<string, true>({ max: rememberedOrders })
  /** A service in this process answers with the same object while the order or the page has not changed. */
  const same = new WeakSet<object>()
  const see = (order: Order): void => {
    if (same.has(order)) return
    same.add(order)
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
      if (!same.has(page)) page.orders.forEach(see)
      same.add(page)
      return page
    },
  }
}
