import { Refusal } from '../../platform/refusal.ts'
import type { ProductId } from '../domain/order.ts'
import { refuseShort, type Quote } from '../domain/place.ts'
import type { Address, Terms } from '../domain/terms.ts'
import type { CartLine, ShoppersCart } from './carts.ts'
import type { Catalog } from './catalog.ts'
import type { Price, Prices } from './prices.ts'

export type PricedCart = {
  readonly lines: readonly PricedLine[]
  readonly price: Price
}

export type PricedLine = CartLine & { readonly product: Quote }

type Wanted = {
  readonly cart: ShoppersCart
  readonly delivery: Address
  readonly shippingMethod: string | undefined
  readonly customerKey: string
}

type Deps = { readonly catalog: Catalog; readonly prices: Pick<Prices, 'quote'> }

/** What the cart comes to now. Refuses one that cannot be bought as it is; it may be short of stock already. */
export async function priceCart({ catalog, prices }: Deps, wanted: Wanted): Promise<PricedCart> {
  const { cart, delivery, shippingMethod, customerKey } = wanted
  const products = await catalog.quote([...new Set(cart.lines.map(({ productId }) => productId))])
  const lines = cart.lines.map((line): PricedLine => {
    const product = products.get(line.productId)
    // What is gone, or has another currency than the rest, the cart shows; and it costs something else than was seen.
    if (product?.currency !== cart.currency) throw totalChanged()
    return { ...line, product }
  })
  refuseShort(unitsOf(lines))
  const price = await prices.quote({
    ...{ lines, currency: cart.currency, shippingMethod, customerKey },
    destination: delivery,
    promotionCodes: cart.promotionCodes,
  })
  refuseShipping(price, shippingMethod)
  return { lines, price }
}

/** The same product may stand in several lines. */
function unitsOf(lines: readonly PricedLine[]) {
  const units = new Map<ProductId, { productId: ProductId; quantity: number; quote: Quote }>()
  for (const { productId, quantity, product: quote } of lines) {
    const before = units.get(productId)?.quantity ?? 0
    units.set(productId, { productId, quantity: before + quantity, quote })
  }
  return [...units.values()]
}

function refuseShipping(price: Price, method: string | undefined): void {
  if (price.isShippingRefused)
    throw new Refusal(
      'conflict',
      'cart.shipping-method-not-offered',
      'this shipping method is not on offer for the address',
    )
  if (!price.isShippingOffered)
    throw new Refusal('conflict', 'checkout.not-shipped-there', 'the shop sends nothing to this address')
  if (method === undefined)
    throw new Refusal('invalid', 'checkout.shipping-method-required', 'choose a shipping method first')
}

export const totalChanged = (): Refusal =>
  new Refusal('conflict', 'checkout.total-changed', 'the cart comes to another total by now')

/** What is frozen of it. */
export function termsOf(
  cart: Terms['cart'],
  { lines, price }: PricedCart,
  customerKey: string,
  paysOffline: boolean,
): Terms {
  const { shipping, discountMinor, taxMinor, isTaxIncluded, taxLines, promotions, steps } = price
  return {
    ...{ cart, shipping, discountMinor, taxMinor, isTaxIncluded, taxLines, steps, customerKey, paysOffline },
    // One that takes nothing off needs no redemption.
    promotions: promotions.filter(({ amountMinor }) => amountMinor > 0n),
    lines: lines.map(({ attributes }, index) => {
      const { discountMinor: discount = 0n, taxMinor: tax = 0n, taxRatePpm } = price.lines[index] ?? {}
      return { attributes, discountMinor: discount, taxMinor: tax, taxRatePpm }
    }),
  }
}
