import type { Method } from '../../domain/payment-method.ts'
import { stripeLimits } from './stripe-units.ts'

const dayMs = 86_400_000

/** The methods that Tillstream offers through Stripe. `multicapture` needs IC+ pricing, or is refused. */
export function stripeMethods({ multicapture }: { readonly multicapture: boolean }): readonly Method[] {
  const open = { isCancelable: true, endsAfterMs: undefined, processesForMs: undefined }
  return [
    {
      ...{ ...open, id: 'card', name: 'Card', kind: 'card', takesToken: true, needsReturnUrl: false },
      captures: multicapture ? 'many' : 'once',
      authorizationLastsMs: 7 * dayMs,
      limitsOf: (currency) => stripeLimits(currency),
    },
    {
      ...{ ...open, id: 'ideal', name: 'iDEAL', kind: 'redirect', takesToken: false, needsReturnUrl: true },
      captures: 'never',
      authorizationLastsMs: undefined,
      limitsOf: (currency) => stripeLimits(currency, ['EUR']),
    },
    {
      ...{ ...open, id: 'paypal', name: 'PayPal', kind: 'wallet', takesToken: false, needsReturnUrl: true },
      captures: 'once',
      authorizationLastsMs: 10 * dayMs,
      limitsOf: (currency) => stripeLimits(currency, paypalCurrencies),
    },
  ]
}

const paypalCurrencies = 'AUD CAD CHF CZK DKK EUR GBP HKD NOK NZD PLN SEK SGD USD'.split(' ')
