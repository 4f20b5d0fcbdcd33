import type { CreateResult } from '../../application/provider.ts'
import type { PaymentSnapshot } from '../../domain/payment-snapshot.ts'
import { declined } from './outcome.ts'

/** What a payment that was just made amounts to. */
export function createResultOf(payment: PaymentSnapshot): CreateResult {
  const { state, actionUrl, failure } = payment
  switch (state) {
    case 'authorized':
    case 'captured':
      return { kind: state, payment }
    case 'action_required':
      // Without an address there is nothing that the customer could do; a later read tells its end.
      return actionUrl === undefined
        ? { kind: 'pending', payment }
        : { kind: 'requiresAction', url: actionUrl, payment }
    case 'processing':
      return { kind: 'pending', payment }
    case 'failed':
    case 'canceled':
    case 'expired':
    case 'voided':
    case 'lapsed': {
      const code = state === 'failed' ? codeOf(failure?.code) : 'not-possible-now'
      return declined(code, failure?.code ?? state, failure?.message ?? `the payment is ${state}`, payment)
    }
  }
}

/** A snapshot's failure carries one of our codes as a text. */
function codeOf(code: string | undefined) {
  const known = ['insufficient-funds', 'expired-card', 'incorrect-cvc', 'incorrect-number'] as const
  const more = ['authentication-failed', 'processing-error'] as const
  return [...known, ...more].find((one) => one === code) ?? 'declined'
}
