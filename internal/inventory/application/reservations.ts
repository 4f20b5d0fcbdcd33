import type { Trace } from '../../platform/call.ts'
import type { Shortage, StockRequest } from '../domain/allocate.ts'
import type { OrderId } from '../domain/ids.ts'

/** A request with the event that asks for it. */
export type TracedRequest = StockRequest & { readonly trace: Trace }

export type StockDecision = {
  readonly orderId: OrderId
  /** released: a release was here first, or it has been released since. */
  readonly outcome: 'held' | 'rejected' | 'released' | 'unknown-product'
  readonly shortages: readonly Shortage[]
}

/** What is held for orders. Both are one transaction for the whole batch, and idempotent by order id. */
export type Reservations = {
  /** `allocate` decides what is not decided yet, in the order given. One answer per request, in the same order. */
  readonly reserve: (requests: readonly TracedRequest[], at: Date) => Promise<readonly StockDecision[]>
  readonly release: (orderIds: readonly OrderId[], at: Date, trace: Trace) => Promise<void>
}
