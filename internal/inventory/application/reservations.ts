import type { Call } from '../../platform/call.ts'
import type { Allocation, Shortage, StockRequest } from '../domain/allocate.ts'
import type { OrderId, ProductId } from '../domain/ids.ts'
import type { Reservation, ReservationChange } from '../domain/reservation.ts'

/** A request with the event that asks for it. */
export type CausedRequest = StockRequest & { readonly causationId: string; readonly correlationId: string }

export type StockDecision = {
  readonly orderId: OrderId
  /** released: a release was here first, or it has been released since. */
  readonly outcome: 'held' | 'rejected' | 'released' | 'unknown-product'
  readonly shortages: readonly Shortage[]
}

export type Allocate = (
  available: ReadonlyMap<ProductId, number>,
  requests: readonly StockRequest[],
) => Allocation

/** What is held for orders. Both are one transaction for the whole batch, and idempotent by order id. */
export type Reservations = {
  /**
   * One answer per request, in the same order. `allocate` sees the locked stock and the requests that are not decided
   * yet, in the order given.
   */
  readonly reserve: (
    requests: readonly CausedRequest[],
    allocate: Allocate,
    at: Date,
    call: Call,
  ) => Promise<readonly StockDecision[]>
  readonly release: (
    orderIds: readonly OrderId[],
    decide: (orderId: OrderId, current: Reservation | undefined) => ReservationChange,
    at: Date,
    call: Call,
  ) => Promise<void>
}
