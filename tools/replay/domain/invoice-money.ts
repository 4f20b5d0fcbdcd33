import { divideRounded } from '../../../internal/platform/allocate-money.ts'
import type { PlannedInvoice } from './plan.ts'

/**
 * What is charged beside the goods. The replay has a shipping method and a tax rate of its own, for a country where
 * nobody buys, so that every cent follows from the file.
 */
export const ownTerms = {
  country: 'AQ',
  shippingName: 'Replay',
  shipping: 5,
  /** Goods of this amount are sent for nothing. */
  freeFrom: 150,
  taxPercent: 20,
} as const

/** Even invoices are paid by card at the provider, odd ones are ordered on invoice. */
export const isPaidByCard = (invoice: string): boolean => BigInt(invoice) % 2n === 0n

/** Minor units. */
export type InvoiceMoney = {
  readonly items: bigint
  readonly shipping: bigint
  readonly tax: bigint
  readonly total: bigint
}

export type Pricing = {
  /** The price of a unit by SKU, in minor units. */
  readonly prices: ReadonlyMap<string, bigint>
  readonly decimals: number
  readonly isTaxIncluded: boolean
}

/** What an invoice comes to. Tax is rounded once, half up. */
export function moneyOf(
  lines: PlannedInvoice['lines'],
  { prices, decimals, isTaxIncluded }: Pricing,
): InvoiceMoney {
  const unit = 10n ** BigInt(decimals)
  let items = 0n
  for (const [sku, quantity] of lines) items += (prices.get(sku) ?? 0n) * BigInt(quantity)
  const shipping = items >= BigInt(ownTerms.freeFrom) * unit ? 0n : BigInt(ownTerms.shipping) * unit
  const [base, percent] = [items + shipping, BigInt(ownTerms.taxPercent)]
  const tax = divideRounded(base * percent, isTaxIncluded ? 100n + percent : 100n)
  return { items, shipping, tax, total: isTaxIncluded ? base : base + tax }
}
