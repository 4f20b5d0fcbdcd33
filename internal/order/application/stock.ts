import type { Trace } from '../../platform/call.ts'
import type { OrderId, ProductId } from '../domain/order.ts'
import type { StockDecision } from '../domain/settle.ts'

/** An order whose stock is to be decided. The trace names the event that asks for it. */
export type CreatedOrder = {
  readonly orderId: OrderId
  readonly lines: readonly { readonly productId: ProductId; readonly quantity: number }[]
  readonly trace: Trace
}

/** An order that something happened to, as far as a message may be believed: its state is the order's own. */
export type ToldOrder = { readonly orderId: OrderId; readonly trace: Trace }

export type CanceledOrder = { readonly orderId: OrderId; readonly trace: Trace }

/** The commands that orders give to the inventory. Both are idempotent by order id. */
export type Stock = {
  /** Returns one decision for each order, in the same order. */
  readonly reserve: (orders: readonly CreatedOrder[]) => Promise<readonly StockDecision[]>
  readonly release: (orders: readonly CanceledOrder[]) => Promise<void>
}
