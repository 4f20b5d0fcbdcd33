import { Denied } from '../payment.ts'

// https://docs.mollie.com/payments/multicurrency, read in 2026.

const currencies = 'AED AUD BGN BRL CAD CHF CZK DKK EUR GBP HKD HUF ILS ISK JPY MXN MYR NOK NZD PHP PLN RON SEK SGD THB TWD USD ZAR'.split(' ') // prettier-ignore
const zeroDecimals = ['ISK', 'JPY']

const methods: Readonly<Record<string, readonly string[]>> = {
  ideal: ['EUR'],
  paypal: currencies.filter((currency) => !['AED', 'BGN', 'ISK', 'RON', 'ZAR'].includes(currency)),
  creditcard: currencies,
}

export type MollieAmount = { readonly currency: string; readonly value: string }

/** Reads `{"currency": "EUR", "value": "10.00"}`, which must have exactly the decimals of its currency. */
export function unitsOf(
  given: unknown,
  method: string,
): { readonly amount: number; readonly currency: string } {
  const { currency = '', value = '' } = (given ?? {}) as Partial<Record<string, unknown>>
  if (typeof currency !== 'string' || !methods[method]?.includes(currency))
    throw unprocessable('amount', `The currency is not supported for ${method}`)
  const decimals = decimalsOf(currency)
  const isWritten = typeof value === 'string' && wholeOrDecimal(decimals).test(value)
  if (!isWritten) throw unprocessable('amount', `The amount contains an invalid value of ${currency}`)
  const amount = Number(value.replace('.', ''))
  if (amount < 1) throw unprocessable('amount', 'The amount is lower than the minimum')
  return { amount, currency }
}

export function amountOf(units: number, currency: string): MollieAmount {
  const decimals = decimalsOf(currency)
  const digits = String(units).padStart(decimals + 1, '0')
  const value = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return { currency, value }
}

const decimalsOf = (currency: string): number => (zeroDecimals.includes(currency) ? 0 : 2)

const wholeOrDecimal = (decimals: number): RegExp =>
  decimals === 0 ? /^\d{1,12}$/ : new RegExp(`^\\d{1,10}\\.\\d{${decimals}}$`)

export function unprocessable(field: string, detail: string, isKept = false): Denied {
  return new Denied(422, field, detail, { isKept })
}
