import { Refusal } from '../../platform/refusal.ts'
import type { Cart } from '../domain/cart.ts'
import { showLines, type Products, type ShownLines } from '../domain/show.ts'
import type { Catalog, Priced, Pricing } from './ports.ts'

/** A cart as its owner sees it: with the prices and the stock of this moment. */
export type CartView = { readonly cart: Cart; readonly shown: ShownLines; readonly priced: Priced }

type Deps = {
  readonly catalog: Catalog
  readonly pricing: Pricing
  /** Of a cart with nothing in it. */
  readonly currency: string
}

export type ViewCart = (cart: Cart, products?: Products) => Promise<CartView>

const nothing: Priced = {
  totals: { itemsMinor: 0n, discountMinor: 0n, shippingMinor: 0n, taxMinor: 0n, totalMinor: 0n },
  promotions: [],
  shippingMethods: [],
  refusedCodes: [],
  isShippingRefused: false,
}

/** Asks for the products, unless the caller has them, and then for what they cost together. */
export function viewCart({ catalog, pricing, currency }: Deps): ViewCart {
  return async (cart, products) => {
    const found = products ?? (await productsOf(catalog, cart))
    const shown = showLines(cart, found, currency)
    const lines = shown.lines.filter(({ isForSale }) => isForSale)
    const isFree = lines.length === 0 && !cart.delivery && cart.promotionCodes.length === 0
    const priced = isFree ? nothing : await pricing.quote({ cart, currency: shown.currency, lines })
    return { cart, shown, priced }
  }
}

export const productsOf = async (catalog: Catalog, { lines }: Cart): Promise<Products> =>
  lines.length === 0 ? new Map() : catalog.find(lines.map(({ productId }) => productId))

/** Why a code that was just given does not apply. */
export function refuseCode({ priced }: CartView, code: string): void {
  const refused = priced.refusedCodes.find((each) => each.code.toLowerCase() === code.toLowerCase())
  if (!refused) return
  throw new Refusal('conflict', 'promotion.not-applicable', `this code does not apply: ${refused.reason}`, {
    reason: refused.reason,
  })
}

/** Of a method that was just chosen. */
export function refuseShipping({ cart, priced }: CartView): void {
  if (cart.delivery?.shippingMethod === undefined || !priced.isShippingRefused) return
  throw new Refusal(
    'conflict',
    'cart.shipping-method-not-offered',
    'this shipping method is not on offer for the address',
  )
}
