import { maxMessageBytes } from '../../platform/message-size.ts'
import { largestMinor } from '../../platform/money.ts'
import { Refusal } from '../../platform/refusal.ts'
import { jsonLength, utf8Length } from '../../platform/text.ts'
import type { Cart, CartLine, ProductId, SeenProduct } from './cart.ts'

/** A product as it is now. */
export type Product = SeenProduct & {
  readonly productId: ProductId
  readonly category: string
  /** Empty when it has none. */
  readonly image: string
  /** Of one unit; 0 when nobody has said. */
  readonly weightGrams: number
  /** Units that can be ordered now. */
  readonly available: number
}

export type Products = ReadonlyMap<ProductId, Product>

/** What the owner should know before buying: another price than the one seen, too little stock, not for sale any more. */
export type Warning = 'price-changed' | 'short' | 'gone'

/** A line at today's price. */
export type ShownLine = CartLine & {
  readonly product: SeenProduct
  readonly image: string
  readonly category: string
  readonly weightGrams: number
  readonly totalMinor: bigint
  readonly available: number
  readonly isForSale: boolean
  readonly warnings: readonly Warning[]
}

export type ShownLines = {
  readonly currency: string
  readonly lines: readonly ShownLine[]
  /** Of the lines that are for sale. */
  readonly itemsMinor: bigint
}

/**
 * The lines with their products as these are now. What is gone is shown as it was seen and costs nothing. A product whose
 * currency has changed cannot be bought together with the others, so it counts as gone.
 */
export function showLines({ lines }: Cart, products: Products, usualCurrency: string): ShownLines {
  const first = lines.map(({ productId }) => products.get(productId)).find((product) => product !== undefined)
  const currency = first?.currency ?? lines[0]?.seen.currency ?? usualCurrency
  const wanted = new Map<ProductId, number>()
  for (const { productId, quantity } of lines) wanted.set(productId, (wanted.get(productId) ?? 0) + quantity)
  const shown = lines.map((line) => {
    const product = products.get(line.productId)
    return showLine(
      line,
      product?.currency === currency ? product : undefined,
      wanted.get(line.productId) ?? 0,
    )
  })
  return { currency, lines: shown, itemsMinor: shown.reduce((sum, { totalMinor }) => sum + totalMinor, 0n) }
}

function showLine(line: CartLine, product: Product | undefined, wantedInAll: number): ShownLine {
  if (!product) {
    return {
      product: line.seen,
      image: '',
      category: '',
      weightGrams: 0,
      totalMinor: 0n,
      available: 0,
      isForSale: false,
      warnings: ['gone'],
      ...line,
    }
  }
  const warnings: Warning[] = []
  if (product.priceMinor !== line.seen.priceMinor) warnings.push('price-changed')
  // The same product may stand in several lines, with other attributes.
  if (product.available < wantedInAll) warnings.push('short')
  return {
    product,
    image: product.image,
    category: product.category,
    weightGrams: product.weightGrams,
    totalMinor: product.priceMinor * BigInt(line.quantity),
    available: product.available,
    isForSale: true,
    warnings,
    ...line,
  }
}

/** What an answer takes besides its lines, and what headers take. */
const roomForTheRestBytes = 40_000
/** A line as JSON, without its texts. */
const lineBytes = 350

/** Refuses a cart whose answer no message could carry, or whose total REST could not write exactly. */
export function refuseTooMuch({ lines, itemsMinor }: ShownLines): void {
  if (itemsMinor > BigInt(largestMinor))
    throw new Refusal('conflict', 'cart.total-too-large', 'the total is too large')
  let bytes = roomForTheRestBytes
  for (const { product, attributes, image } of lines)
    bytes +=
      lineBytes +
      jsonLength(product.sku) +
      jsonLength(product.name) +
      jsonLength(image) +
      utf8Length(attributes)
  if (bytes > maxMessageBytes)
    throw new Refusal('conflict', 'cart.too-large', 'the cart is too large; order what is in it first')
}
