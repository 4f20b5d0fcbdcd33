import { Refusal } from '../../platform/refusal.ts'
import { newOrder } from './new-order.ts'
import { changeOf, type OrderChange, type OrderId, type ProductId, type UserId } from './order.ts'
import { refuseTooLarge } from './order-size.ts'

/** The largest real invoice we know has 687 products. */
export const maxOrderLines = 1_000
/** The largest real line we know has 74,215 units. */
export const maxLineQuantity = 100_000
export type WantedItem = { readonly productId: ProductId; readonly quantity: number }

/** What the inventory knows of a product at the moment of ordering. */
export type Quote = {
  readonly productId: ProductId
  readonly sku: string
  readonly name: string
  readonly unitPriceMinor: bigint
  readonly currency: string
  readonly available: number
  readonly category: string
  /** Of one unit; 0 when nobody has said. */
  readonly weightGrams: number
}

/**
 * Merges several items of one product into one, at the position of the first. Refuses items that make no valid order.
 */
export function mergeItems(items: readonly WantedItem[]): readonly WantedItem[] {
  const quantities = new Map<ProductId, number>()
  for (const { productId, quantity } of items) {
    if (!Number.isSafeInteger(quantity) || quantity < 1) {
      throw new Refusal('invalid', 'order.invalid-quantity', 'a quantity is a whole number above zero')
    }
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity)
  }
  if (quantities.size === 0) throw new Refusal('invalid', 'order.empty', 'an order has at least one item')
  if (quantities.size > maxOrderLines) {
    throw new Refusal('invalid', 'order.too-many-lines', `an order has at most ${maxOrderLines} products`)
  }
  const merged = [...quantities].map(([productId, quantity]) => ({ productId, quantity }))
  if (merged.some(({ quantity }) => quantity > maxLineQuantity)) {
    throw new Refusal(
      'invalid',
      'order.invalid-quantity',
      `a product's quantity is at most ${maxLineQuantity}`,
    )
  }
  return merged
}

/**
 * Makes an order at the inventory's prices. It refuses when stock is short already. If stock runs out between this and
 * the reservation, the order is rejected then. Nobody has to pay for it in time unless `holdSeconds` says so.
 */
export function place(
  id: OrderId,
  userId: UserId,
  items: readonly WantedItem[],
  quotes: ReadonlyMap<ProductId, Quote>,
  at: Date,
  holdSeconds?: number,
): OrderChange {
  const quoted = quotedItems(items, quotes)
  refuseShort(quoted)
  const currencies = new Set(quoted.map(({ quote }) => quote.currency))
  const [currency = ''] = currencies
  if (currencies.size > 1)
    throw new Refusal('conflict', 'order.mixed-currencies', 'an order has one currency')
  const lines = quoted.map(({ productId, quantity, quote }) => {
    const { sku, name, unitPriceMinor } = quote
    return { productId, sku, name, quantity, unitPriceMinor }
  })
  const totalMinor = lines.reduce((sum, line) => sum + line.unitPriceMinor * BigInt(line.quantity), 0n)
  const holdUntil = holdSeconds === undefined ? undefined : new Date(at.getTime() + holdSeconds * 1_000)
  const order = newOrder({ id, userId, lines, totalMinor, currency, holdUntil }, at)
  refuseTooLarge(order)
  return changeOf(order)
}

type QuotedItem = WantedItem & { readonly quote: Quote }

function quotedItems(
  items: readonly WantedItem[],
  quotes: ReadonlyMap<ProductId, Quote>,
): readonly QuotedItem[] {
  const quoted = items.flatMap((item) => {
    const quote = quotes.get(item.productId)
    return quote ? [{ productId: item.productId, quantity: item.quantity, quote }] : []
  })
  if (quoted.length === items.length) return quoted
  const products = items
    .filter(({ productId }) => !quotes.has(productId))
    .map(({ productId }) => ({ productId }))
  throw new Refusal('invalid', 'order.unknown-product', 'the order names products that are not for sale', {
    products,
  })
}

/** Each product stands in the items once. */
export function refuseShort(items: readonly QuotedItem[]): void {
  const products = items
    .filter(({ quantity, quote }) => quote.available < quantity)
    .map(({ productId, quantity, quote }) => ({ productId, requested: quantity, available: quote.available }))
  if (products.length === 0) return
  throw new Refusal('conflict', 'order.out-of-stock', 'there is not enough stock', { products })
}
