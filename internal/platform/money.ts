import { Refusal } from './refusal.ts'

/** An amount in minor units of its currency (cents). */
export type Money = { readonly minor: bigint; readonly currency: string }

/** The currencies of ISO 4217 that have not two decimals. */
const decimalsOf: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0,
  XAF: 0, XOF: 0, XPF: 0, BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  CLF: 4, UYW: 4,
} // prettier-ignore

export function currencyDecimals(currency: string): number {
  return decimalsOf[currency] ?? 2
}

/** A double keeps fifteen digits, so an amount of at most so many is written as it was read. */
export const largestMinor = 999_999_999_999_999

/** The decimal number that the REST API writes. It is exact for every amount that `toMinor` accepts. */
export function toDecimal(minor: bigint, currency: string): number {
  return Number(`${minor}e-${currencyDecimals(currency)}`)
}

/** Refuses NaN, infinities, more decimals than the currency has and amounts of more than fifteen digits. */
export function toMinor(amount: number, currency: string): bigint {
  const decimals = currencyDecimals(currency)
  const minor = Number(`${amount}e${decimals}`)
  const isWhole = Number.isInteger(minor) && Math.abs(minor) <= largestMinor
  // With a large amount the multiplication may have rounded a decimal away, so the result is compared.
  if (isWhole && toDecimal(BigInt(minor), currency) === amount) return BigInt(minor)
  // Numbers in exponent notation ("1e-7", "1e+21") are refused as well, because none of them is a price.
  throw new Refusal(
    'invalid',
    'money.invalid',
    `an amount of ${currency} has at most ${decimals} decimals and fifteen digits`,
  )
}
