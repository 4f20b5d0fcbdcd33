import { Denied } from '../payment.ts'

// https://docs.stripe.com/currencies, read in 2026.

const zeroDecimals = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ')
const threeDecimals = 'BHD JOD KWD OMR TND'.split(' ')
/** Logically without decimals, but written with two, which must be 00. */
const twoZeros = ['ISK', 'UGX']

const minimums: Readonly<Record<string, number>> = {
  USD: 50, AED: 200, AUD: 50, BRL: 50, CAD: 50, CHF: 50, CZK: 1_500, DKK: 250, EUR: 50, GBP: 30, HKD: 400,
  HUF: 17_500, INR: 50, JPY: 50, MXN: 1_000, MYR: 200, NOK: 300, NZD: 50, PLN: 200, RON: 200, SEK: 300, SGD: 50, THB: 1_000,
} // prettier-ignore

const mostDigits = 8
const mostDigitsIn: Readonly<Record<string, number>> = { IDR: 12, COP: 10, HUF: 10, JPY: 10, LBP: 10 }

/** Refuses an amount that Stripe could not charge. `isCharge`: a refund and a capture have no minimum. */
export function checkAmount(amount: number, currency: string, isCharge: boolean): void {
  const invalid = (code: string, message: string): Denied => new Denied(400, code, message, { isKept: false })
  if (!Number.isSafeInteger(amount) || amount < 1)
    throw invalid('parameter_invalid_integer', 'Invalid positive integer')
  if (threeDecimals.includes(currency) && amount % 10 !== 0)
    throw invalid('invalid_amount', `Amounts in ${currency.toLowerCase()} must be divisible by 10`)
  if (twoZeros.includes(currency) && amount % 100 !== 0)
    throw invalid('invalid_amount', `Amounts in ${currency.toLowerCase()} must be divisible by 100`)
  if (!isCharge) return
  const minimum = minimums[currency] ?? (zeroDecimals.includes(currency) ? 1 : 10)
  if (amount < minimum)
    throw invalid('amount_too_small', `Amount must be at least ${minimum} ${currency.toLowerCase()}`)
  if (String(amount).length > (mostDigitsIn[currency] ?? mostDigits))
    throw invalid('amount_too_large', 'Amount is too large')
}
