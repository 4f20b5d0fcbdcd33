import type Stripe from 'stripe'
import type { Declined, Unknown } from '../../application/provider.ts'
import { afterConnectionError, declineCodeOf, declined, unknown, UnreadableAnswer } from './outcome.ts'
import { stripeSnapshot } from './stripe-snapshot.ts'

/** What the SDK throws; its classes are not loaded here, so the fields tell. */
type Thrown = {
  readonly type?: string
  readonly code?: string
  readonly decline_code?: string
  readonly message: string
  readonly statusCode?: number
  readonly payment_intent?: Stripe.PaymentIntent
  readonly detail?: { readonly code?: string }
}

/** What is known after the SDK has thrown. Throws again what is not of Stripe. */
export function stripeFailure(err: unknown): Declined | Unknown {
  if (!(err instanceof Error)) throw err
  if (err instanceof UnreadableAnswer) return unknown(err.message, 'may-have-done')
  const thrown = err as Thrown // its fields are optional
  const { code = '', message } = thrown
  switch (thrown.type) {
    case 'StripeCardError': {
      const word = thrown.decline_code || code
      const { payment_intent: intent } = thrown
      const payment = intent && stripeSnapshot({ intent, refunds: [], disputes: [] })
      return declined(declineCodeOf(word), word, message, payment)
    }
    case 'StripeInvalidRequestError':
      // A conflict is another call with the same key that is still under way.
      if (thrown.statusCode === 409) return unknown(code || message, 'may-have-done')
      return declined(refusals[code] ?? 'provider-refused', code, message)
    case 'StripeAuthenticationError':
    case 'StripePermissionError':
    case 'StripeRateLimitError':
      return unknown(message, 'did-nothing')
    case 'StripeConnectionError':
      return afterConnectionError(thrown.detail?.code ?? '')
    case 'StripeIdempotencyError':
    case 'StripeAPIError':
      return unknown(message, 'may-have-done')
    case undefined:
    default:
      throw err
  }
}

const refusals: Readonly<Record<string, Declined['code']>> = {
  amount_too_small: 'amount-not-possible',
  amount_too_large: 'amount-not-possible',
  invalid_amount: 'amount-not-possible',
  parameter_invalid_integer: 'amount-not-possible',
  payment_intent_unexpected_state: 'not-possible-now',
  charge_already_refunded: 'not-possible-now',
  charge_already_captured: 'not-possible-now',
  charge_disputed: 'not-possible-now',
  charge_expired_for_capture: 'not-possible-now',
  resource_missing: 'not-found',
}
