import { Refusal } from '../../platform/refusal.ts'
import { changed, refuseUnlessOpen, type Cart, type CartChange, type Delivery } from './cart.ts'

// What a cart is bought on: where it goes, how, and with which promotions.

/** As many as a person types in. */
export const maxPromotionCodes = 10

export function setDelivery(cart: Cart, delivery: Delivery, at: Date): CartChange | undefined {
  refuseUnlessOpen(cart)
  if (cart.delivery && isSame(cart.delivery, delivery)) return undefined
  return changed(cart, { status: 'active', delivery }, at, (state) => {
    return { type: 'delivery_changed', cart: state }
  })
}

/** Adding a code again changes nothing. Their case does not matter. */
export function addPromotion(cart: Cart, code: string, at: Date): CartChange | undefined {
  refuseUnlessOpen(cart)
  const { promotionCodes } = cart
  if (promotionCodes.some((each) => isSameCode(each, code))) return undefined
  if (promotionCodes.length >= maxPromotionCodes) {
    throw new Refusal('conflict', 'cart.too-many-promotions', `a cart has at most ${maxPromotionCodes} codes`)
  }
  return changed(cart, { status: 'active', promotionCodes: [...promotionCodes, code] }, at, (state) => {
    return { type: 'promotions_changed', cart: state }
  })
}

export function removePromotion(cart: Cart, code: string, at: Date): CartChange {
  refuseUnlessOpen(cart)
  const promotionCodes = cart.promotionCodes.filter((each) => !isSameCode(each, code))
  if (promotionCodes.length === cart.promotionCodes.length) throw promotionNotFound()
  return changed(cart, { status: 'active', promotionCodes }, at, (state) => {
    return { type: 'promotions_changed', cart: state }
  })
}

export const promotionNotFound = (): Refusal =>
  new Refusal('not-found', 'cart.promotion-not-found', 'the cart has no such promotion code')

export const isSameCode = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

function isSame(a: Delivery, b: Delivery): boolean {
  const fields = Object.keys(a.address) as (keyof Delivery['address'])[]
  return a.shippingMethod === b.shippingMethod && fields.every((name) => a.address[name] === b.address[name])
}
