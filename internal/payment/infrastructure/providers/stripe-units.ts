import { currencyDecimals } from '../../../platform/money.ts'
import type { MethodLimits } from '../../domain/payment-method.ts'
import { rescale, stepBetween } from './outcome.ts'

// From https://docs.stripe.com/currencies, read in 2026.

/** What Stripe can charge, if the account may. */
const offered = new Set(
  (
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY COP ' +
    'CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JOD JPY ' +
    'KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK ' +
    'NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TND TOP TRY TTD ' +
    'TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW'
  ).split(' '),
)

const zeroDecimals = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))
/** Their last decimal must be 0, so they have two for our purposes. */
const threeDecimals = new Set('BHD JOD KWD OMR TND'.split(' '))

/** The least that can be charged, in Stripe's units. The others are converted from these by Stripe's rate of the day. */
const minimums: Readonly<Record<string, bigint>> = {
  AED: 200n, AUD: 50n, BRL: 50n, CAD: 50n, CHF: 50n, CZK: 1_500n, DKK: 250n, EUR: 50n, GBP: 30n, HKD: 400n, HUF: 17_500n,
  INR: 50n, JPY: 50n, MXN: 1_000n, MYR: 200n, NOK: 300n, NZD: 50n, PLN: 200n, RON: 200n, SEK: 300n, SGD: 50n, THB: 1_000n, USD: 50n,
} // prettier-ignore

/** Eight digits; some currencies have more, which a shop of ours does without. */
const maximum = 99_999_999n

/** ISK and UGX have no decimals in ISO 4217, and two at Stripe, which must be 0. */
function decimalsOf(currency: string): number {
  if (zeroDecimals.has(currency)) return 0
  return threeDecimals.has(currency) ? 3 : 2
}

export function toStripe(minor: bigint, currency: string): number {
  return Number(rescale(minor, currencyDecimals(currency), decimalsOf(currency)))
}

/** Throws for an amount that our units of the currency cannot express. */
export function fromStripe(amount: number, currency: string): bigint {
  return rescale(BigInt(amount), decimalsOf(currency), currencyDecimals(currency))
}

/** `currencies`: those of a method that does not take all. */
export function stripeLimits(currency: string, currencies?: readonly string[]): MethodLimits | undefined {
  if (!offered.has(currency) || currencies?.includes(currency) === false) return undefined
  const [ours, theirs] = [currencyDecimals(currency), decimalsOf(currency)]
  const writable = threeDecimals.has(currency) ? 2 : theirs
  const step = stepBetween(ours, writable)
  const scaled = (units: bigint): bigint =>
    theirs >= ours ? units / 10n ** BigInt(theirs - ours) : units * 10n ** BigInt(ours - theirs)
  const least = scaled(minimums[currency] ?? 1n)
  return {
    minimumMinor: least > step ? least : step,
    maximumMinor: scaled(maximum) - (scaled(maximum) % step),
    stepMinor: step,
  }
}
