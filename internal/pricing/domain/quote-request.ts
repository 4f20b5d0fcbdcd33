import type { ShippingMethodId } from './rules.ts'

export type QuoteLine = {
  readonly lineId: string
  readonly productId: string
  /** The keys (`keyOf`) of its category and of those above it, from the root on. */
  readonly categories: readonly string[]
  readonly unitPriceMinor: bigint
  readonly quantity: number
  /** Of one unit. */
  readonly weightGrams: number
}

export type Destination = { readonly country: string; readonly region: string }

export type QuoteRequest = {
  readonly lines: readonly QuoteLine[]
  readonly currency: string
  /** Undefined: nobody knows yet where it goes, so there is neither shipping nor tax. */
  readonly destination: Destination | undefined
  readonly shippingMethodId: ShippingMethodId | undefined
  readonly codes: readonly string[]
}

export const lineAmount = ({ unitPriceMinor, quantity }: QuoteLine): bigint =>
  unitPriceMinor * BigInt(quantity)

export const sumOf = (amounts: Iterable<bigint>): bigint => {
  let sum = 0n
  for (const amount of amounts) sum += amount
  return sum
}
