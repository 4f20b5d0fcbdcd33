import type { Trace } from '../../../platform/call.ts'
import type { Allocate, Shortage, StockDecision, StockRequest } from '../domain/allocate.ts'
import type { HoldSize, ReturnedLine } from '../domain/reservation.ts'
import type { OrderId, ShipmentId } from '../../domain/ids.ts'

/** A request with the event that asks for it. `holdNo` counts the holds of the order, from 1. */
export type TracedRequest = StockRequest & { readonly holdNo: number; readonly trace: Trace }

export type Release = HoldSize & { readonly trace: Trace }

export type ReturnedGoods = {
  readonly orderId: OrderId
  readonly returnNo: number
  readonly lines: readonly ReturnedLine[]
  readonly trace: Trace
}

/** Goods for a parcel that leaves in the place of another one. */
export type Replacement = StockRequest & { readonly shipmentId: ShipmentId; readonly trace: Trace }

export type ReplacementDecision =
  | { readonly outcome: 'taken' | 'busy' }
  | { readonly outcome: 'rejected'; readonly shortages: readonly Shortage[] }

/** What is held for orders. Each is one transaction for the whole batch, and may be repeated. */
export type Reservations = {
  /**
   * `decide` sees the locked stock and what is not decided yet, in the order given. One answer per request, in the same order.
   * A request whose stock somebody else has locked is `busy`, and so are later ones that want any of what it wants. So is
   * a later hold of an order as long as anything is taken for an earlier one.
   */
  readonly reserve: (
    requests: readonly TracedRequest[],
    decide: Allocate,
    at: Date,
  ) => Promise<readonly StockDecision[]>
  readonly release: (releases: readonly Release[], at: Date) => Promise<void>
  /** A return that was booked before is not booked again. Refused with stock.unknown-order. */
  readonly bookReturns: (returns: readonly ReturnedGoods[], at: Date) => Promise<void>
  /**
   * What was decided for a parcel stays decided; busy: nothing is decided, because somebody else has locked the stock.
   * Refused with stock.unknown-order.
   */
  readonly replace: (wanted: Replacement, decide: Allocate, at: Date) => Promise<ReplacementDecision>
}
