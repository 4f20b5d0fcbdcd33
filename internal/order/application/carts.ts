import type { Call, Trace } from '../../platform/call.ts'
import type { OrderId } from '../domain/order.ts'
import type { Address, CartId } from '../domain/terms.ts'
import type { ProductId } from '../domain/order.ts'
import type { CartVersion } from './checkouts.ts'

/** A cart as its owner has it. */
export type ShoppersCart = {
  /** Undefined when nothing was ever put into it. */
  readonly id: CartId | undefined
  readonly version: number
  readonly isLocked: boolean
  /** The order that has locked it, and the version that it was then. */
  readonly lockedFor: OrderId | undefined
  readonly lockedVersion: number | undefined
  readonly currency: string
  readonly lines: readonly CartLine[]
  readonly promotionCodes: readonly string[]
  readonly delivery: Address | undefined
  readonly shippingMethod: string | undefined
}

export type CartLine = {
  readonly lineId: string
  readonly productId: ProductId
  readonly quantity: number
  /** JSON; empty when there are none. */
  readonly attributes: string
}

export type LockedCart = CartVersion & { readonly orderId: OrderId }

/** What orders ask of carts. Each may be repeated, and may come late. */
export type Carts = {
  /** That of the caller. */
  readonly find: (call: Call) => Promise<ShoppersCart>
  /** Returns the order that has this version of the cart, which may be another one than the one asked for. */
  readonly lock: (cart: LockedCart, trace: Trace) => Promise<OrderId>
  /** Gives the cart back to its owner, unless it is ordered. */
  readonly unlock: (cart: LockedCart, trace: Trace) => Promise<void>
  readonly order: (cart: Pick<LockedCart, 'cartId' | 'orderId'>, trace: Trace) => Promise<void>
  /** Carts that have been locked for longer than this, longest first. */
  readonly lockedFor: (seconds: number, limit: number) => Promise<readonly LockedCart[]>
}
