import { Refusal } from '../../platform/refusal.ts'
import type { Attributes } from './attributes.ts'
import {
  changed,
  refuseUnlessOpen,
  type Cart,
  type CartChange,
  type CartLine,
  type LineId,
  type ProductId,
  type SeenProduct,
} from './cart.ts'

/** The same as an order has: the largest real invoice we know has 687 products. */
export const maxCartLines = 1_000
/** The same as a line of an order has. */
export const maxLineQuantity = 100_000

export type WantedItem = {
  readonly productId: ProductId
  readonly quantity: number
  readonly attributes: Attributes
}

/** Adds to an equal line, or makes a new one at the end. The owner has now seen the product as it is. */
export function addItem(
  cart: Cart,
  { productId, quantity, attributes }: WantedItem,
  seen: SeenProduct,
  newLineId: () => LineId,
  at: Date,
): CartChange {
  refuseUnlessOpen(cart)
  refuseOtherCurrency(cart, productId, seen)
  const equal = cart.lines.find((line) => line.productId === productId && line.attributes === attributes)
  const line: CartLine = {
    lineId: equal?.lineId ?? newLineId(),
    productId,
    attributes,
    quantity: quantityOf((equal?.quantity ?? 0) + wanted(quantity)),
    seen: seenOf(seen),
  }
  const lines = equal ? replaced(cart, line) : [...cart.lines, line]
  refuseTooMany(lines)
  return changed(cart, { status: 'active', lines }, at, (state) => {
    return { type: 'item_added', cart: state, line, added: quantity }
  })
}

/**
 * Sets the quantity of a line; zero removes it. `seen` is undefined for a product that is not for sale any more. Undefined
 * when nothing changes, neither the quantity nor the price that the owner has seen.
 */
export function changeItem(
  cart: Cart,
  lineId: LineId,
  quantity: number,
  seen: SeenProduct | undefined,
  at: Date,
): CartChange | undefined {
  if (quantity === 0) return removeItem(cart, lineId, at)
  refuseUnlessOpen(cart)
  const before = lineOf(cart, lineId)
  const line = { ...before, quantity: quantityOf(wanted(quantity)), seen: seen ? seenOf(seen) : before.seen }
  const isSame = line.quantity === before.quantity && line.seen.priceMinor === before.seen.priceMinor
  if (isSame) return undefined
  return changed(cart, { status: 'active', lines: replaced(cart, line) }, at, (state) => {
    return { type: 'item_changed', cart: state, line }
  })
}

export function removeItem(cart: Cart, lineId: LineId, at: Date): CartChange {
  refuseUnlessOpen(cart)
  const line = lineOf(cart, lineId)
  const lines = cart.lines.filter((each) => each !== line)
  return changed(cart, { status: 'active', lines }, at, (state) => {
    return { type: 'item_removed', cart: state, line }
  })
}

/** Takes all lines and promotions out. The address stays, because the owner has not moved. */
export function clear(cart: Cart, at: Date): CartChange | undefined {
  refuseUnlessOpen(cart)
  if (cart.lines.length === 0 && cart.promotionCodes.length === 0) return undefined
  return changed(cart, { status: 'active', lines: [], promotionCodes: [] }, at, (state) => {
    return { type: 'cleared', cart: state }
  })
}

export function lineOf(cart: Cart, lineId: LineId): CartLine {
  const line = cart.lines.find((each) => each.lineId === lineId)
  if (!line) throw lineNotFound()
  return line
}

export const lineNotFound = (): Refusal =>
  new Refusal('not-found', 'cart.line-not-found', 'the cart has no such line')

export function refuseTooMany(lines: readonly CartLine[]): void {
  if (lines.length > maxCartLines)
    throw new Refusal('conflict', 'cart.too-many-lines', `a cart has at most ${maxCartLines} lines`)
}

/** A product has more than what is kept of it. */
export const seenOf = ({ sku, name, priceMinor, currency }: SeenProduct): SeenProduct => ({
  sku,
  name,
  priceMinor,
  currency,
})

const replaced = ({ lines }: Cart, line: CartLine): readonly CartLine[] =>
  lines.map((each) => (each.lineId === line.lineId ? line : each))

function wanted(quantity: number): number {
  if (Number.isSafeInteger(quantity) && quantity >= 1) return quantity
  throw new Refusal('invalid', 'cart.invalid-quantity', 'a quantity is a whole number above zero')
}

function quantityOf(quantity: number): number {
  if (quantity <= maxLineQuantity) return quantity
  throw new Refusal('invalid', 'cart.invalid-quantity', `a line's quantity is at most ${maxLineQuantity}`)
}

/** The currencies that were seen count, because those are what the cart was made in. */
function refuseOtherCurrency(cart: Cart, productId: ProductId, seen: SeenProduct): void {
  const other = cart.lines.find(
    (line) => line.productId !== productId && line.seen.currency !== seen.currency,
  )
  if (other) throw new Refusal('conflict', 'cart.mixed-currencies', 'a cart has one currency')
}
