import type { Trace } from '../../platform/call.ts'
import type { OrderId, ProductId } from '../domain/order.ts'
import type { ShipmentId } from '../domain/parcel.ts'
import type { Shortage, StockDecision } from '../domain/settle.ts'

/** An order whose stock is to be decided. The trace names the event that asks for it. */
export type CreatedOrder = {
  readonly orderId: OrderId
  readonly lines: readonly { readonly productId: ProductId; readonly quantity: number }[]
  /** Which hold of the order it is to be; absent: the first. */
  readonly holdNo?: number
  readonly trace: Trace
}

/** An order that something happened to, as far as a message may be believed: its state is the order's own. */
export type ToldOrder = { readonly orderId: OrderId; readonly trace: Trace }

export const ofOrder = ({ orderId }: Pick<ToldOrder, 'orderId'>): OrderId => orderId

export type CanceledOrder = ToldOrder

type Units = readonly { readonly productId: ProductId; readonly quantity: number }[]

/** How much of the order's stock stays taken; what is taken beyond it goes back. */
export type HoldSize = {
  readonly orderId: OrderId
  readonly kept: Units
  /** All units of the order so far that were not on the shelf. */
  readonly short: Units
  /** The order goes on, and what is kept is held for it. */
  readonly goesOn: boolean
  /** Which hold of the order is meant; an earlier one is left alone. */
  readonly holdNo: number
  readonly trace: Trace
}

export type ReturnedGoods = {
  readonly orderId: OrderId
  readonly returnNo: number
  readonly lines: readonly {
    readonly productId: ProductId
    readonly resellable: number
    readonly damaged: number
  }[]
  readonly trace: Trace
}

/** Goods that are taken once more, for a parcel that leaves in the place of another one. */
export type Replacement = {
  readonly orderId: OrderId
  readonly shipmentId: ShipmentId
  readonly lines: Units
  readonly trace: Trace
}

export type ReplacementDecision =
  | { readonly outcome: 'taken' | 'busy' }
  | { readonly outcome: 'rejected'; readonly shortages: readonly Shortage[] }

/** The commands that orders give to the inventory. All may be repeated. */
export type Stock = {
  /** Returns one decision for each order, in the same order. */
  readonly reserve: (orders: readonly CreatedOrder[]) => Promise<readonly StockDecision[]>
  readonly release: (sizes: readonly HoldSize[]) => Promise<void>
  readonly bookReturns: (returns: readonly ReturnedGoods[]) => Promise<void>
  /** All of the goods or none. What was decided for a parcel stays decided; busy: nothing is, ask again later. */
  readonly replace: (goods: Replacement) => Promise<ReplacementDecision>
}
