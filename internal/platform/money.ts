import { Refusal } from './refusal.ts'

/** An amount in minor units of its currency (cents). */
export type Money = { readonly minor: bigint; readonly currency: string }

/** ISO 4217's exceptions to two decimals. */
const decimalsOf: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0,
  XAF: 0, XOF: 0, XPF: 0, BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
} // prettier-ignore

export function currencyDecimals(currency: string): number {
  return decimalsOf[currency] ?? 2
}

/** Fifteen digits: as many as a double keeps, so that what was read is written the same. */
export const largestMinor = 999_999_999_999_999

/** A decimal number as REST writes it. Exact for whatever `toMinor` takes. */
export function toDecimal(minor: bigint, currency: string): number {
  return Number(`${minor}e-${currencyDecimals(currency)}`)
}

/** Refuses NaN, infinities, more decimals than the currency has and amounts of more than fifteen digits. */
export function toMinor(amount: number, currency: string): bigint {
  const decimals = currencyDecimals(currency)
  const minor = Number(`${amount}e${decimals}`)
  const isWhole = Number.isInteger(minor) && Math.abs(minor) <= largestMinor
  // Of a large amount the multiplication may have rounded a decimal away.
  if (isWhole && toDecimal(BigInt(minor), currency) === amount) return BigInt(minor)
  // Numbers in exponent notation ("1e-7", "1e+21") come here too: none of them is a price.
  throw new Refusal(
    'invalid',
    'money.invalid',
    `an amount of ${currency} has at most ${decimals} decimals and fifteen digits`,
  )
}
