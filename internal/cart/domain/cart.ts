import type { Brand } from '../../platform/brand.ts'
import type { Change } from '../../platform/change.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Attributes } from './attributes.ts'

export type CartId = Brand<string, 'CartId'>
export type LineId = Brand<string, 'LineId'>
export type ProductId = Brand<string, 'ProductId'>
export type UserId = Brand<string, 'UserId'>
export type OrderId = Brand<string, 'OrderId'>

/**
 * What is allowed. A cart that was abandoned is bought like an active one: whoever comes back after a day and checks out
 * has done nothing else to it (docs/adr/0029).
 */
const transitions = {
  active: ['locked', 'merged', 'abandoned', 'ordered'],
  abandoned: ['active', 'locked', 'merged', 'ordered'],
  locked: ['active', 'ordered'],
  merged: [],
  ordered: [],
} as const

export type CartStatus = keyof typeof transitions

export const cartTransitions: Readonly<Record<CartStatus, readonly CartStatus[]>> = transitions

/** An owner has at most one cart with one of these. The database guards it. */
export const liveStatuses: readonly CartStatus[] = ['active', 'locked', 'abandoned']

export type CartLine = {
  readonly lineId: LineId
  readonly productId: ProductId
  readonly quantity: number
  readonly attributes: Attributes
  /** The product as it was when the line was last written: the price that the owner has seen. */
  readonly seen: SeenProduct
}

export type SeenProduct = {
  readonly sku: string
  readonly name: string
  readonly priceMinor: bigint
  readonly currency: string
}

export type Address = {
  readonly name: string
  readonly line1: string
  readonly line2: string
  readonly city: string
  readonly region: string
  readonly postalCode: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** E.164, or empty. */
  readonly phone: string
}

export type Delivery = { readonly address: Address; readonly shippingMethod: string | undefined }

export type Cart = {
  readonly id: CartId
  /** Undefined for the cart of a guest, whose owner is whoever has its token. */
  readonly userId: UserId | undefined
  readonly status: CartStatus
  /** Counts the changes, each of which is one event, from 1. */
  readonly version: number
  readonly lines: readonly CartLine[]
  readonly delivery: Delivery | undefined
  readonly promotionCodes: readonly string[]
  /** The order that locks it, or the last one that did. */
  readonly order: Locking | undefined
  /** Where the lines went when it was merged. */
  readonly mergedInto: MergedInto | undefined
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** `version` is the version at which the cart was locked: that of the checkout. */
export type Locking = { readonly orderId: OrderId; readonly version: number }

/** The cart that took the lines, and its version after that. */
export type MergedInto = { readonly cartId: CartId; readonly version: number }

export type CartEvent =
  | { readonly type: 'item_added'; readonly cart: Cart; readonly line: CartLine; readonly added: number }
  | { readonly type: 'item_changed' | 'item_removed'; readonly cart: Cart; readonly line: CartLine }
  | {
      readonly type:
        | 'cleared'
        | 'delivery_changed'
        | 'promotions_changed'
        | 'locked'
        | 'reopened'
        | 'ordered'
        | 'abandoned'
      readonly cart: Cart
    }
  | {
      readonly type: 'merged'
      readonly cart: Cart
      readonly source: CartId
      /** Undefined when the source had nothing to give and the user no cart. */
      readonly target: CartId | undefined
      /** The lines of the target that hold what came from the source, as they are now. */
      readonly lines: readonly CartLine[]
    }

export type CartChange = Change<Cart, CartEvent>

export type NewCart = {
  readonly id: CartId
  readonly userId: UserId | undefined
  readonly at: Date
}

/** A cart before its first change, which is not stored. */
export const emptyCart = ({ id, userId, at }: NewCart): Cart => ({
  id,
  userId,
  status: 'active',
  version: 0,
  lines: [],
  delivery: undefined,
  promotionCodes: [],
  order: undefined,
  mergedInto: undefined,
  createdAt: at,
  updatedAt: at,
})

/** The next version of the cart. Each change goes through here, so that each has one event. */
export function changed(
  cart: Cart,
  difference: Partial<Omit<Cart, 'id' | 'userId' | 'version' | 'createdAt' | 'updatedAt'>>,
  at: Date,
  event: (cart: Cart) => CartEvent,
): CartChange {
  const { status = cart.status } = difference
  const allowed: readonly CartStatus[] = transitions[cart.status]
  if (status !== cart.status && !allowed.includes(status)) {
    throw new Refusal(
      'conflict',
      `cart.${cart.status}`,
      `a cart that is ${cart.status} cannot become ${status}`,
    )
  }
  const state = { ...cart, ...difference, version: cart.version + 1, updatedAt: at }
  return { state, events: [event(state)] }
}

/** Its owner may change it only while no checkout has it. A change makes an abandoned cart active again. */
export function refuseUnlessOpen({ status, order }: Cart): void {
  if (status === 'active' || status === 'abandoned') return
  if (status === 'locked') {
    throw new Refusal(
      'conflict',
      'cart.locked',
      'an order is being made of this cart; reopen it to change it',
      {
        orderId: order?.orderId,
      },
    )
  }
  throw new Refusal('conflict', `cart.${status}`, `this cart was ${status}`)
}
