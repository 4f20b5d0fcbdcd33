import { allocateByLargestRemainder, divideRounded } from '../../platform/allocate-money.ts'
import { sumOf, type Destination } from './quote-request.ts'
import { keyOf, wholePpm, type TaxRate } from './rules.ts'

/** The category by whose rate shipping is taxed, if there is such a rate. */
export const shippingCategory = 'shipping'

/**
 * The rate that fits best: one for the region before one for the country, then the nearest category before one for
 * everything. Country, region and category are unique together, so that no two fit equally well.
 */
export function taxRateFor(
  rates: readonly TaxRate[],
  { country, region }: Destination,
  categories: readonly string[],
): number | undefined {
  let best: { readonly ratePpm: number; readonly fit: number } | undefined
  for (const rate of rates) {
    if (rate.country !== country) continue
    if (rate.region !== undefined && keyOf(rate.region) !== keyOf(region)) continue
    const depth = rate.category === undefined ? 0 : categories.lastIndexOf(keyOf(rate.category)) + 1
    if (rate.category !== undefined && depth === 0) continue
    const fit = depth + (rate.region === undefined ? 0 : categories.length + 1)
    if (best === undefined || fit > best.fit) best = { ratePpm: rate.ratePpm, fit }
  }
  return best?.ratePpm
}

/** Something that is taxed: a line or shipping, less its discounts. */
export type Taxable = {
  readonly key: string
  readonly amountMinor: bigint
  /** Undefined: no rate fits, so there is no tax on it. */
  readonly ratePpm: number | undefined
}

/** What one rate comes to. */
export type RateTax = {
  readonly ratePpm: number
  /** What the rate is applied to: with the tax, if prices include it. */
  readonly baseMinor: bigint
  readonly netMinor: bigint
  readonly taxMinor: bigint
  /** The tax on each taxable, by its key. */
  readonly shares: ReadonlyMap<string, bigint>
}

/** The tax is rounded once for each rate, and then shared out. The highest rate comes first. */
export function taxByRate(taxables: readonly Taxable[], pricesIncludeTax: boolean): readonly RateTax[] {
  const rates = [...new Set(taxables.flatMap(({ ratePpm }) => (ratePpm === undefined ? [] : [ratePpm])))]
  return rates
    .sort((a, b) => b - a)
    .map((ratePpm) => {
      const taxed = taxables.filter((taxable) => taxable.ratePpm === ratePpm)
      const amounts = taxed.map(({ amountMinor }) => amountMinor)
      const baseMinor = sumOf(amounts)
      const taxMinor = taxOf(baseMinor, BigInt(ratePpm), pricesIncludeTax)
      const parts = allocateByLargestRemainder(taxMinor, amounts)
      const shares = new Map(taxed.map(({ key }, index) => [key, parts[index] ?? 0n]))
      return {
        ratePpm,
        baseMinor,
        netMinor: pricesIncludeTax ? baseMinor - taxMinor : baseMinor,
        taxMinor,
        shares,
      }
    })
}

function taxOf(baseMinor: bigint, ratePpm: bigint, pricesIncludeTax: boolean): bigint {
  return divideRounded(baseMinor * ratePpm, pricesIncludeTax ? wholePpm + ratePpm : wholePpm)
}
