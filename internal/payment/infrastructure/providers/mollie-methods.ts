import type { Method } from '../../domain/payment-method.ts'
import { mollieLimits } from './mollie-units.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/** Mollie's names of our methods. */
export const mollieNames: Readonly<Record<string, string>> = {
  card: 'creditcard',
  ideal: 'ideal',
  paypal: 'paypal',
}

/** Every method sends the customer to a page, and none can be called back while he is there. */
const redirecting = { needsReturnUrl: true, isCancelable: false } as const

export const mollieMethods: readonly Method[] = [
  {
    ...{ ...redirecting, id: 'card', name: 'Card', kind: 'card', takesToken: true },
    endsAfterMs: 30 * minuteMs,
    processesForMs: undefined,
    captures: 'many',
    authorizationLastsMs: 7 * dayMs,
    limitsOf: (currency) => mollieLimits(currency),
  },
  {
    ...{ ...redirecting, id: 'ideal', name: 'iDEAL', kind: 'redirect', takesToken: false },
    endsAfterMs: 15 * minuteMs,
    processesForMs: dayMs,
    captures: 'never',
    authorizationLastsMs: undefined,
    limitsOf: (currency) => mollieLimits(currency, ['EUR']),
  },
  {
    ...{ ...redirecting, id: 'paypal', name: 'PayPal', kind: 'wallet', takesToken: false },
    endsAfterMs: 180 * minuteMs,
    processesForMs: dayMs,
    captures: 'never',
    authorizationLastsMs: undefined,
    limitsOf: (currency) => mollieLimits(currency, paypalCurrencies),
  },
]

const paypalCurrencies = 'AUD BRL CAD CHF CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD'.split(' ') // prettier-ignore
