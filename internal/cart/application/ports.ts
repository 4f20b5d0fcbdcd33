import type { Once, Trace } from '../../platform/call.ts'
import type { Cart, CartChange, CartId, ProductId, UserId } from '../domain/cart.ts'
import type { Merge } from '../domain/merge.ts'
import type { Products, ShownLine } from '../domain/show.ts'

/** Whose cart it is: a user's, or that of whoever has its token. */
export type Owner =
  { readonly kind: 'user'; readonly userId: UserId } | { readonly kind: 'guest'; readonly cartId: CartId }

/** The carts that this service owns. Each write stores states and events in one transaction. */
export type Carts = {
  /** The owner's live cart. A guest's cart that has been merged or ordered, or that is a user's, is not found. */
  readonly find: (owner: Owner) => Promise<Cart | undefined>
  readonly findById: (id: CartId) => Promise<Cart | undefined>
  /** The cart that the same request has changed. Refuses a key that was used with another request. */
  readonly findByRequest: (once: Once) => Promise<CartId | undefined>
  /**
   * False when another writer was quicker, or when the user has a live cart by now: then nothing is stored. The key of the
   * request is stored with the change; one that is there is refused with request.idempotency-key-in-use.
   */
  readonly store: (change: CartChange, trace: Trace, once?: Once) => Promise<boolean>
  /** Stores both changes or none. */
  readonly storeMerge: (merge: Merge, trace: Trace) => Promise<boolean>
  /** Active carts with lines that nobody has touched since then, oldest first. */
  readonly untouchedSince: (before: Date, limit: number) => Promise<readonly Cart[]>
  /** Carts that have been locked since before this time, oldest first. */
  readonly lockedSince: (before: Date, limit: number) => Promise<readonly Cart[]>
  /** Removes guests' carts that nobody has touched since then and no order needs. Returns how many. */
  readonly removeGuests: (before: Date, limit: number) => Promise<number>
  readonly removeOldKeys: (limit: number) => Promise<number>
}

export type Catalog = {
  /** These products as they are now. Those that are not for sale are left out. */
  readonly find: (ids: readonly ProductId[]) => Promise<Products>
}

export type WantedQuote = {
  readonly cart: Cart
  readonly currency: string
  /** Only lines that are for sale. */
  readonly lines: readonly ShownLine[]
}

export type ShippingOffer = {
  readonly id: string
  readonly name: string
  readonly priceMinor: bigint
  readonly estimate: string
}

export type Totals = {
  readonly itemsMinor: bigint
  readonly discountMinor: bigint
  readonly shippingMinor: bigint
  readonly taxMinor: bigint
  readonly totalMinor: bigint
}

export type Priced = {
  readonly totals: Totals
  readonly promotions: readonly AppliedPromotion[]
  readonly shippingMethods: readonly ShippingOffer[]
  /** Codes that do not apply, with the reason. */
  readonly refusedCodes: readonly { readonly code: string; readonly reason: string }[]
  /** True when the cart names a shipping method that is not on offer for its address. */
  readonly isShippingRefused: boolean
}

export type AppliedPromotion = {
  /** Empty when it applies by itself. */
  readonly code: string
  readonly description: string
  readonly amountMinor: bigint
}

/** What a cart costs. */
export type Pricing = { readonly quote: (wanted: WantedQuote) => Promise<Priced> }
