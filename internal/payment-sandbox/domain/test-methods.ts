/** What happens to a payment with a test payment method. */
export type Behaviour = {
  readonly needsAction: boolean
  /** The bank's no, at once or after the customer has come back. */
  readonly failure: Failure | undefined
  /** A dispute follows the first capture. */
  readonly dispute: 'opened' | 'inquiry' | undefined
  readonly disputeReason: string
  /** What a refund is at first, and what it becomes a moment later. */
  readonly refund: 'pending-then-succeeded' | 'succeeded-then-failed' | undefined
}

export type Failure = { readonly code: string; readonly declineCode: string; readonly message: string }

const plain: Behaviour = {
  needsAction: false,
  failure: undefined,
  dispute: undefined,
  disputeReason: '',
  refund: undefined,
}

const declined = (declineCode: string, message: string, code = 'card_declined'): Failure => ({
  code,
  declineCode,
  message,
})

const failures: Readonly<Record<string, Failure>> = {
  '': declined('generic_decline', 'Your card was declined.'),
  InsufficientFunds: declined('insufficient_funds', 'Your card has insufficient funds.'),
  LostCard: declined('lost_card', 'Your card was declined.'),
  StolenCard: declined('stolen_card', 'Your card was declined.'),
  Fraudulent: declined('fraudulent', 'Your card was declined.'),
  VelocityLimitExceeded: declined('card_velocity_exceeded', 'Your card was declined.'),
  ExpiredCard: declined('expired_card', 'Your card has expired.', 'expired_card'),
  IncorrectCvc: declined('incorrect_cvc', "Your card's security code is incorrect.", 'incorrect_cvc'),
  ProcessingError: declined(
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
    'processing_error',
  ),
}

const action = { ...plain, needsAction: true }

const special: Readonly<Record<string, Behaviour>> = {
  threeDSecure2Required: action,
  threeDSecureRequired: action,
  authenticationRequired: action,
  authenticationRequiredOnSetup: action,
  authenticationRequiredSetupForOffSession: action,
  threeDSecureRequiredChargeDeclined: { ...action, failure: failures[''] },
  threeDSecureRequiredProcessingError: { ...action, failure: failures.ProcessingError },
  authenticationRequiredChargeDeclinedInsufficientFunds: { ...action, failure: failures.InsufficientFunds },
  threeDSecureOptional: plain,
  createDispute: { ...plain, dispute: 'opened', disputeReason: 'fraudulent' },
  createDisputeProductNotReceived: {
    ...plain,
    dispute: 'opened',
    disputeReason: 'product_not_received',
  },
  createDisputeInquiry: { ...plain, dispute: 'inquiry', disputeReason: 'product_not_received' },
  createIssuerFraudRecord: plain,
  pendingRefund: { ...plain, refund: 'pending-then-succeeded' },
  refundFail: { ...plain, refund: 'succeeded-then-failed' },
  bypassPending: plain,
  radarBlock: { ...plain, failure: failures.Fraudulent },
  riskLevelElevated: plain,
  riskLevelHighest: plain,
}

const brands = ['visa', 'visa_debit', 'mastercard', 'mastercard_debit', 'mastercard_prepaid', 'amex'].concat([
  'discover',
  'diners',
  'jcb',
  'unionpay',
])

/** Returns undefined for a token that Stripe does not document for its test mode, or that this sandbox does not know. */
export function behaviourOf(token: string): Behaviour | undefined {
  const name = /^pm_card_(?:visa_(?=[a-z]*[A-Z]))?(\w+)$/.exec(token)?.[1] ?? ''
  const known = special[name]
  if (known) return known
  const reason = /^chargeDeclined(\w*)$/.exec(name)?.[1]
  if (reason !== undefined) return failures[reason] ? { ...plain, failure: failures[reason] } : undefined
  // pm_card_de and the like: a good card of that country.
  return brands.includes(name) || /^[a-z]{2}$/.test(name) ? plain : undefined
}

/** A customer who is sent to a page: of the bank, or of the wallet. */
export const redirected: Behaviour = action

/** The customer has said no, or has failed to prove who he is. */
export const notAuthenticated: Failure = {
  code: 'payment_intent_authentication_failure',
  declineCode: '',
  message:
    'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
}

/** What a shop asked for that can send nobody to a page. */
export const actionNotWanted: Failure = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
}
