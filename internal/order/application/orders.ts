import type { Once, Trace } from '../../platform/call.ts'
import type {
  FulfilmentStatus,
  Order,
  OrderChange,
  OrderFlag,
  OrderId,
  OrderStatus,
  PaymentStatus,
  ReturnStatus,
  UserId,
} from '../domain/order.ts'
import type { CanceledOrder, CreatedOrder } from './stock.ts'

/** `digest` distinguishes the same request from another one under the same key. */
export type IdempotencyKey = { readonly key: string; readonly digest: string }

/** The order that is stored under a key, by this call or by an earlier one. */
export type Stored = { readonly order: Order; readonly digest: string | undefined; readonly isNew: boolean }

export type OrderFilter = {
  readonly userId: UserId | undefined
  readonly status: OrderStatus | undefined
  readonly fulfilmentStatus?: FulfilmentStatus | undefined
  readonly returnStatus?: ReturnStatus | undefined
  readonly paymentStatus?: PaymentStatus | undefined
  readonly flag?: OrderFlag | undefined
  /** Placed at this time or later, and before that one. */
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  /** Given at the checkout, in any case. */
  readonly email?: string | undefined
  /** Waits for a payment, and its stock is held for less long. */
  readonly holdEndsBefore?: Date | undefined
  /** Only orders that are older than this one. */
  readonly after: OrderId | undefined
  readonly limit: number
}

/** `next` is present as long as more follow. */
export type OrderPage = { readonly orders: readonly Order[]; readonly next: OrderId | undefined }

export type Update = {
  readonly id: OrderId
  readonly trace: Trace
  /**
   * Gets the stored order and returns its change, or undefined when there is nothing to do. It is called again when
   * another writer was quicker.
   */
  readonly decide: (order: Order) => OrderChange | undefined
}

/** The orders this service owns. Each write stores the new state and its events in one transaction. */
export type Orders = {
  readonly find: (id: OrderId) => Promise<Order | undefined>
  /**
   * These orders, without those that do not exist. What this process knows of an order may be older than what is stored,
   * but never its lines. So it serves for a step that is repeated or taken back when the order is further on.
   */
  readonly recall: (ids: readonly OrderId[]) => Promise<ReadonlyMap<OrderId, Order>>
  readonly findByKey: (userId: UserId, key: string) => Promise<Stored | undefined>
  /** A second order under the same (user, key) is not stored; the first one is returned. */
  readonly add: (change: OrderChange, key: IdempotencyKey | undefined, trace: Trace) => Promise<Stored>
  /** The order that the same request has changed. Refuses a key that was used with another request. */
  readonly findByRequest: (once: Once) => Promise<Order | undefined>
  /**
   * Returns the orders after the updates, in the order of the updates, with undefined for those that do not exist.
   * When one `decide` refuses, none is stored. The key of the request is stored with the first order, even when there was nothing to do.
   */
  readonly update: (updates: readonly Update[], once?: Once) => Promise<readonly (Order | undefined)[]>
  /** Newest first. A page may have fewer orders than `limit`. */
  readonly page: (filter: OrderFilter) => Promise<OrderPage>
  /** Orders that have been pending since before this time, oldest first, each with the trace of its order.created. */
  readonly pendingSince: (before: Date, limit: number) => Promise<readonly CreatedOrder[]>
  /**
   * Orders that still await their release and have had their status since before this time, oldest first, each with the
   * trace of that status.
   */
  readonly unreleasedSince: (before: Date, limit: number) => Promise<readonly CanceledOrder[]>
  /** Leaves out orders that have changed since this revision: more of them may have to be released. */
  readonly markReleased: (
    orders: readonly { readonly id: OrderId; readonly revision: number }[],
  ) => Promise<void>
  readonly countByStatus: () => Promise<ReadonlyMap<OrderStatus, number>>
}
