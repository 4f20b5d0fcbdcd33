import type { Change } from '../../../platform/change.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { isAtMost, isStorable, isStorableLine, textLengths, tidy } from '../../../platform/text.ts'
import type { ProductId } from '../../domain/ids.ts'

/**
 * Units of one product, well below PostgreSQL's int4 (2,147,483,647): what is held for orders can come back on top of it.
 */
export const maxStock = 1_000_000_000

export type Stock = {
  readonly productId: ProductId
  /** Units that can be ordered now. */
  readonly available: number
  /** How often it was adjusted by hand: the version of its events. */
  readonly adjustments: number
}

export type Adjustment = {
  readonly productId: ProductId
  /** Signed units, never 0. */
  readonly quantity: number
  readonly reason: string
  /** Done once per (product, key), however often it is asked for. The key is of the caller and the key that was given. */
  readonly idempotencyKey: string | undefined
  /** The key as it was given. Earlier versions have stored it without its caller. */
  readonly givenKey?: string | undefined
}

/** What was booked under the same key before. */
export type Earlier = Pick<Adjustment, 'quantity' | 'reason'>

export type StockAdjusted = {
  readonly type: 'StockAdjusted'
  readonly stock: Stock
  readonly adjustment: Adjustment
}
export type StockChange = Change<Stock, StockAdjusted>

/** What a new product begins with. */
export function parseOpeningStock(units: number): number {
  if (!Number.isInteger(units) || units < 0)
    throw new Refusal('invalid', 'stock.invalid-quantity', 'stock must be a whole number from 0')
  if (units > maxStock)
    throw new Refusal('invalid', 'stock.invalid-quantity', `stock is at most ${maxStock} units`)
  return units
}

export function parseAdjustment(adjustment: Adjustment): Adjustment {
  const { quantity, idempotencyKey } = adjustment
  const reason = tidy(adjustment.reason)
  if (!Number.isInteger(quantity) || quantity === 0)
    throw new Refusal('invalid', 'stock.invalid-quantity', 'quantity must be a whole number other than 0')
  if (Math.abs(quantity) > maxStock)
    throw new Refusal('invalid', 'stock.invalid-quantity', `quantity is at most ${maxStock} units`)
  if (!isAtMost(reason, textLengths.reason) || !isStorable(reason))
    throw new Refusal(
      'invalid',
      'stock.invalid-reason',
      `reason must be text of at most ${textLengths.reason} characters`,
    )
  const keys = [idempotencyKey ?? '', adjustment.givenKey ?? '']
  if (!keys.every((key) => isAtMost(key, textLengths.idempotencyKey) && isStorableLine(key)))
    throw new Refusal(
      'invalid',
      'stock.invalid-key',
      `the key must be text of at most ${textLengths.idempotencyKey} characters`,
    )
  return { ...adjustment, reason }
}

/** What was booked under the same key before is not booked again. */
export function adjustStock(stock: Stock, adjustment: Adjustment, earlier: Earlier | undefined): StockChange {
  if (earlier) {
    const isSame = earlier.quantity === adjustment.quantity && earlier.reason === adjustment.reason
    if (!isSame) throw keyReused(earlier)
    return { state: stock, events: [] }
  }
  const available = stock.available + adjustment.quantity
  if (available < 0) throw belowZero(stock)
  // What is above the limit already (returned by cancellations) may still be written off.
  if (available > maxStock && adjustment.quantity > 0) throw tooLarge()
  const next: Stock = { ...stock, available, adjustments: stock.adjustments + 1 }
  return { state: next, events: [{ type: 'StockAdjusted', stock: next, adjustment }] }
}

const belowZero = (stock: Stock): Refusal =>
  new Refusal('conflict', 'stock.below-zero', 'there are not that many units', { available: stock.available })

const keyReused = ({ quantity, reason }: Earlier): Refusal =>
  new Refusal(
    'invalid',
    'stock.idempotency-key-reused',
    'this key was used for another adjustment of the same product; use a new key for a new adjustment',
    { quantity, reason },
  )

const tooLarge = (): Refusal =>
  new Refusal('conflict', 'stock.too-large', `a product's stock is at most ${maxStock} units`, {
    max: maxStock,
  })
