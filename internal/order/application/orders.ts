import type { Trace } from '../../platform/call.ts'
import type { Order, OrderChange, OrderId, OrderStatus, UserId } from '../domain/order.ts'
import type { CanceledOrder, CreatedOrder } from './stock.ts'

/** `digest` tells the same request from another one under the same key. */
export type IdempotencyKey = { readonly key: string; readonly digest: string }

/** An order stored under a key, by this call or by an earlier one. */
export type Stored = { readonly order: Order; readonly digest: string | undefined; readonly isNew: boolean }

export type OrderFilter = {
  readonly userId: UserId | undefined
  readonly status: OrderStatus | undefined
  /** Older orders than this one. */
  readonly after: OrderId | undefined
  readonly limit: number
}

export type Update = {
  readonly id: OrderId
  readonly trace: Trace
  /** Sees the order as it is stored; may be asked again when another writer was quicker. Undefined: nothing to do. */
  readonly decide: (order: Order) => OrderChange | undefined
}

/** The orders this service owns. Each write stores the new state and its events in one transaction. */
export type Orders = {
  readonly find: (id: OrderId) => Promise<Order | undefined>
  readonly findByKey: (userId: UserId, key: string) => Promise<Stored | undefined>
  /** A second order under the same (user, key) is not stored; the first one is returned. */
  readonly add: (change: OrderChange, key: IdempotencyKey | undefined, trace: Trace) => Promise<Stored>
  /** The orders after the updates, in their order; undefined for those that do not exist. One refusal refuses all. */
  readonly update: (updates: readonly Update[]) => Promise<readonly (Order | undefined)[]>
  /** Newest first. May hold fewer than `limit`; `next` is there as long as more follow. */
  readonly page: (
    filter: OrderFilter,
  ) => Promise<{ readonly orders: readonly Order[]; readonly next: OrderId | undefined }>
  /** Pending since before then, oldest first. The trace is that of the event that told of the order. */
  readonly pendingSince: (before: Date, limit: number) => Promise<readonly CreatedOrder[]>
  /** Canceled before then and still waiting for their stock's release, oldest first, with the trace of that event. */
  readonly unreleasedSince: (before: Date, limit: number) => Promise<readonly CanceledOrder[]>
  readonly markReleased: (ids: readonly OrderId[]) => Promise<void>
  readonly countByStatus: () => Promise<ReadonlyMap<OrderStatus, number>>
}
