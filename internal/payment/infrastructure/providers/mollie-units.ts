import { currencyDecimals } from '../../../platform/money.ts'
import type { MethodLimits } from '../../domain/payment-method.ts'
import { rescale, stepBetween, UnreadableAnswer } from './outcome.ts'

// From https://docs.mollie.com/payments/multicurrency, read in 2026.

const currencies = 'AED AUD BGN BRL CAD CHF CZK DKK EUR GBP HKD HUF ILS ISK JPY MXN MYR NOK NZD PHP PLN RON SEK SGD THB TWD USD ZAR'.split(' ') // prettier-ignore
const zeroDecimals = new Set(['ISK', 'JPY'])

export type MollieAmount = { readonly currency: string; readonly value: string }

const decimalsOf = (currency: string): number => (zeroDecimals.has(currency) ? 0 : 2)

export function toMollie(minor: bigint, currency: string): MollieAmount {
  const decimals = decimalsOf(currency)
  const digits = rescale(minor, currencyDecimals(currency), decimals)
    .toString()
    .padStart(decimals + 1, '0')
  const value = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return { currency, value }
}

/** Throws for an amount that our units of the currency cannot express. */
export function fromMollie({ currency, value }: MollieAmount): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? []
  if (whole === '') throw new UnreadableAnswer(`${value} is no amount`)
  return rescale(BigInt(`${sign}${whole}${fraction}`), fraction.length, currencyDecimals(currency))
}

/** Mollie documents a least amount of 0.01 or a unit, and a most of 10,000 EUR or so by method and account. */
export function mollieLimits(
  currency: string,
  only: readonly string[] = currencies,
): MethodLimits | undefined {
  if (!currencies.includes(currency) || !only.includes(currency)) return undefined
  const step = stepBetween(currencyDecimals(currency), decimalsOf(currency))
  return { minimumMinor: step, maximumMinor: 99_999_999n - (99_999_999n % step), stepMinor: step }
}
