import type { Once, Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Order, OrderChange, OrderId, OrderStatus, UserId } from '../domain/order.ts'
import type { CartId, PaymentId } from '../domain/terms.ts'

export type CartVersion = { readonly cartId: CartId; readonly version: number }

export type Bought = { readonly order: Order; readonly isNew: boolean }

/** An order whose cart, promotions or first payment are to be told something. */
export type Untold = { readonly orderId: OrderId }

/** The orders that were made of carts. Each version of a cart has one, or was taken back and has none for ever. */
export type Checkouts = {
  /**
   * Stores the order and its event, unless the version of its cart has one: then that one is returned. Undefined: the
   * version was taken back.
   */
  readonly add: (change: OrderChange, trace: Trace, once: Once | undefined) => Promise<Bought | undefined>
  /** The request was answered with this order, and will be again. Refused while another request takes its key. */
  readonly claim: (once: Once, id: OrderId) => Promise<void>
  readonly findByCart: (cart: CartVersion) => Promise<Order | undefined>
  /** The user's newest order that was made of a cart. */
  readonly findNewest: (userId: UserId) => Promise<Order | undefined>
  /**
   * Sees to it that no order comes of these versions any more, where none has come. Returns the status of those that have
   * one, in their order.
   */
  readonly takeBack: (carts: readonly CartVersion[]) => Promise<readonly (OrderStatus | undefined)[]>
  /** Orders whose follow-up should have been done by now, oldest first. */
  readonly untoldSince: (before: Date, limit: number) => Promise<readonly OrderId[]>
  /** The cart and the promotions know what has become of the order as it was at this revision. */
  readonly markTold: (order: { readonly id: OrderId; readonly revision: number }) => Promise<void>
  readonly markBegun: (id: OrderId, paymentId: PaymentId) => Promise<void>
}

/** Another order of the cart was revived while the cart was on offer again. */
export const anotherOrderLives = (): Refusal =>
  new Refusal('conflict', 'cart.ordered', 'another order of this cart is under way')
