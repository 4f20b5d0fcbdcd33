import { largestMinor } from '../../platform/money.ts'
import { Refusal } from '../../platform/refusal.ts'
import { applyPromotion, shippingKey, without, type Discount, type Remaining } from './apply-promotion.ts'
import { choosePromotions, type CustomerUse, type RefusedCode } from './choose-promotions.ts'
import { offerShipping, type ShippingOffer } from './offer-shipping.ts'
import { lineAmount, sumOf, type QuoteLine, type QuoteRequest } from './quote-request.ts'
import type { Promotion, Rules } from './rules.ts'
import { shippingCategory, taxByRate, taxRateFor, type RateTax, type Taxable } from './tax.ts'

/** A line, or shipping, with its part of everything. */
export type Priced = {
  /** The line's id, or `shippingKey`. */
  readonly key: string
  readonly amountMinor: bigint
  readonly discountMinor: bigint
  readonly taxMinor: bigint
  readonly taxRatePpm: number | undefined
}

export type Totals = {
  readonly itemsMinor: bigint
  /** On goods and on shipping. */
  readonly discountMinor: bigint
  /** Before discounts. */
  readonly shippingMinor: bigint
  readonly taxMinor: bigint
  readonly totalMinor: bigint
}

export type Quote = {
  readonly totals: Totals
  /** In the order of the request. */
  readonly lines: readonly Priced[]
  readonly shipping: Priced
  /** Undefined: no method is chosen, or the chosen one is not on offer. */
  readonly shippingMethod: ShippingOffer | undefined
  readonly shippingMethods: readonly ShippingOffer[]
  /** In the order in which they were applied. */
  readonly discounts: readonly Discount[]
  readonly taxes: readonly RateTax[]
  readonly refusedCodes: readonly RefusedCode[]
  readonly pricesIncludeTax: boolean
}

/**
 * What the lines cost together: goods, less promotions, and shipping, less promotions, and the tax on each. It is a
 * function of its arguments alone, and the order of the lines matters for nothing but the order of the answer.
 */
export function quote(request: QuoteRequest, rules: Rules, use: CustomerUse, at: Date): Quote {
  const inOrder = { ...request, lines: [...request.lines].sort(byId) }
  const { promotions, refusedCodes } = choosePromotions(rules.promotions, inOrder, use, at)
  const goods = discountGoods(inOrder.lines, promotions)
  const shippingMethods = offersFor(inOrder, goods.remaining, rules)
  const shippingMethod = shippingMethods.find(({ id }) => id === request.shippingMethodId)
  const shippingMinor = shippingMethod?.priceMinor ?? 0n
  const delivered = discountShipping(inOrder.lines, promotions, goods, shippingMinor)
  const discounts = delivered.discounts.filter(isShown)
  const taxables = taxablesOf(inOrder, delivered.remaining, shippingMethod !== undefined, rules)
  const taxes = taxByRate(taxables, rules.pricesIncludeTax)
  const priced = pricer(taxables, discounts, taxes)
  const lines = request.lines.map((line) => priced(line.lineId, lineAmount(line)))
  const shipping = priced(shippingKey, shippingMinor)
  const totals = totalsOf(lines, shipping, rules.pricesIncludeTax)
  return {
    ...{ totals, lines, shipping, shippingMethod, shippingMethods, discounts, taxes, refusedCodes },
    pricesIncludeTax: rules.pricesIncludeTax,
  }
}

/** Shares that are equal before rounding are told apart by the line's id, not by its place. */
const byId = (a: QuoteLine, b: QuoteLine): number => (a.lineId < b.lineId ? -1 : 1)

/** A code is shown even while it takes nothing off, as free shipping does before a method is chosen. */
const isShown = ({ amountMinor, promotion }: Discount): boolean =>
  amountMinor > 0n || promotion.code !== undefined

type Discounted = { readonly remaining: Remaining; readonly discounts: readonly Discount[] }

function discountGoods(lines: readonly QuoteLine[], promotions: readonly Promotion[]): Discounted {
  const amounts = new Map(lines.map((line) => [line.lineId, lineAmount(line)]))
  return discountAll(
    promotions.filter(({ benefit }) => benefit.kind !== 'free-shipping'),
    lines,
    { remaining: amounts, discounts: [] },
  )
}

function discountShipping(
  lines: readonly QuoteLine[],
  promotions: readonly Promotion[],
  { remaining, discounts }: Discounted,
  shippingMinor: bigint,
): Discounted {
  return discountAll(
    promotions.filter(({ benefit }) => benefit.kind === 'free-shipping'),
    lines,
    { remaining: new Map([...remaining, [shippingKey, shippingMinor]]), discounts },
  )
}

function discountAll(
  promotions: readonly Promotion[],
  lines: readonly QuoteLine[],
  before: Discounted,
): Discounted {
  return promotions.reduce(({ remaining, discounts }, promotion) => {
    const discount = applyPromotion(promotion, lines, remaining)
    return { remaining: without(remaining, discount), discounts: [...discounts, discount] }
  }, before)
}

function offersFor(
  { destination, currency, lines }: QuoteRequest,
  remaining: Remaining,
  { shippingMethods }: Rules,
): readonly ShippingOffer[] {
  if (!destination || lines.length === 0) return []
  return offerShipping(shippingMethods, {
    country: destination.country,
    currency,
    goodsMinor: sumOf(remaining.values()),
    weightGrams: sumOf(lines.map(({ weightGrams, quantity }) => BigInt(weightGrams) * BigInt(quantity))),
  })
}

function taxablesOf(
  { lines, destination }: QuoteRequest,
  remaining: Remaining,
  isShipped: boolean,
  { taxRates }: Rules,
): readonly Taxable[] {
  const taxable = (key: string, categories: readonly string[]): Taxable => ({
    key,
    amountMinor: remaining.get(key) ?? 0n,
    ratePpm: destination && taxRateFor(taxRates, destination, categories),
  })
  return [
    ...lines.map(({ lineId, categories }) => taxable(lineId, categories)),
    ...(isShipped ? [taxable(shippingKey, [shippingCategory])] : []),
  ]
}

function pricer(
  taxables: readonly Taxable[],
  discounts: readonly Discount[],
  taxes: readonly RateTax[],
): (key: string, amountMinor: bigint) => Priced {
  const rates = new Map(taxables.map(({ key, ratePpm }) => [key, ratePpm]))
  const partOf = (shared: readonly (Discount | RateTax)[], key: string): bigint =>
    sumOf(shared.map(({ shares }) => shares.get(key) ?? 0n))
  return (key, amountMinor) => ({
    key,
    amountMinor,
    discountMinor: partOf(discounts, key),
    taxMinor: partOf(taxes, key),
    taxRatePpm: rates.get(key),
  })
}

function totalsOf(lines: readonly Priced[], shipping: Priced, pricesIncludeTax: boolean): Totals {
  const parts = [...lines, shipping]
  const itemsMinor = sumOf(lines.map(({ amountMinor }) => amountMinor))
  const discountMinor = sumOf(parts.map((part) => part.discountMinor))
  const shippingMinor = shipping.amountMinor
  const taxMinor = sumOf(parts.map((part) => part.taxMinor))
  const totalMinor = itemsMinor - discountMinor + shippingMinor + (pricesIncludeTax ? 0n : taxMinor)
  // REST writes amounts as JSON numbers, which are exact up to here.
  if (itemsMinor + shippingMinor + taxMinor > BigInt(largestMinor))
    throw new Refusal('invalid', 'pricing.invalid-quote', 'the total is too large')
  return { itemsMinor, discountMinor, shippingMinor, taxMinor, totalMinor }
}
