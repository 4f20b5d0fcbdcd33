import type Stripe from 'stripe'
import type {
  CaptureSnapshot,
  DisputeSnapshot,
  PaymentSnapshot,
  RefundSnapshot,
  SnapshotState,
} from '../../domain/payment-snapshot.ts'
import { declineCodeOf } from './outcome.ts'
import { fromStripe } from './stripe-units.ts'

export type StripeParts = {
  /** With its latest charge expanded. */
  readonly intent: Stripe.PaymentIntent
  readonly refunds: readonly Stripe.Refund[]
  readonly disputes: readonly Stripe.Dispute[]
}

export function stripeSnapshot({ intent, refunds, disputes }: StripeParts): PaymentSnapshot {
  const currency = intent.currency.toUpperCase()
  const minor = (amount: number): bigint => fromStripe(amount, currency)
  const charge = chargeOf(intent)
  const captureBefore = charge?.payment_method_details?.card?.capture_before
  const isHeld = intent.amount_capturable > 0
  return {
    ref: intent.id,
    ourId: intent.metadata.payment_id,
    method: intent.payment_method_types[0] ?? 'card',
    state: stateOf(intent, charge),
    actionUrl: intent.next_action?.redirect_to_url?.url ?? undefined,
    currency,
    amountMinor: minor(intent.amount),
    authorizedMinor: minor(intent.amount_capturable),
    authorizedUntil: isHeld && captureBefore ? new Date(captureBefore * 1_000) : undefined,
    captures: charge?.captured ? [captureSnapshot(charge)] : [],
    refunds: refunds.filter((one) => !isRelease(one, charge)).map(stripeRefundSnapshot),
    disputes: disputes.map(disputeSnapshot),
    failure: failureOf(intent),
  }
}

/** Several captures share their charge, whose amount grows. */
function captureSnapshot({ id, status, amount_captured, currency }: Stripe.Charge): CaptureSnapshot {
  const cumulativeMinor = fromStripe(amount_captured, currency.toUpperCase())
  return { id, ourId: undefined, status: captureStates[status] ?? 'pending', cumulativeMinor }
}

const captureStates: Readonly<Record<string, CaptureSnapshot['status']>> = {
  succeeded: 'succeeded',
  failed: 'failed',
}

/** An intent that was read without its charge expanded has only the charge's id. */
function chargeOf({ latest_charge: charge }: Stripe.PaymentIntent): Stripe.Charge | undefined {
  return typeof charge === 'object' && charge !== null ? charge : undefined
}

function stateOf(intent: Stripe.PaymentIntent, charge: Stripe.Charge | undefined): SnapshotState {
  switch (intent.status) {
    case 'requires_action':
      return 'action_required'
    case 'requires_capture':
      return 'authorized'
    case 'succeeded':
      return 'captured'
    case 'requires_payment_method':
      return 'failed'
    case 'canceled':
      return endOf(intent, charge)
    case 'processing':
    case 'requires_confirmation':
    default: // a state that Stripe may add: it is read again until it is one of the above
      return 'processing'
  }
}

/** Stripe says canceled for a void, a lapse and an attempt that was called back alike. */
function endOf(intent: Stripe.PaymentIntent, charge: Stripe.Charge | undefined): SnapshotState {
  if (intent.amount_received > 0) return 'captured' // the rest of the authorization was given back
  const isByItself = intent.cancellation_reason === 'automatic'
  const wasAuthorized = charge?.paid === true || (charge === undefined && intent.latest_charge !== null)
  if (wasAuthorized) return isByItself ? 'lapsed' : 'voided'
  return isByItself ? 'expired' : 'canceled'
}

function failureOf({ status, last_payment_error: error }: Stripe.PaymentIntent): PaymentSnapshot['failure'] {
  if (status !== 'requires_payment_method' || !error) return undefined
  return {
    code: declineCodeOf(error.decline_code || (error.code ?? '')),
    message: error.message ?? 'The payment was declined.',
  }
}

/** Stripe may list an authorization that was given back as a refund. No money moved, so it has no transaction. */
function isRelease(refund: Stripe.Refund, charge: Stripe.Charge | undefined): boolean {
  if (refund.metadata?.refund_id !== undefined) return false
  return !charge?.captured || (refund.status === 'succeeded' && refund.balance_transaction === null)
}

export function stripeRefundSnapshot(refund: Stripe.Refund): RefundSnapshot {
  return {
    id: refund.id,
    ourId: refund.metadata?.refund_id,
    status: refundStates[refund.status ?? ''] ?? 'pending',
    amountMinor: fromStripe(refund.amount, refund.currency.toUpperCase()),
    failure: refund.failure_reason,
  }
}

const refundStates: Readonly<Record<string, RefundSnapshot['status']>> = {
  pending: 'pending',
  requires_action: 'requires_action',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
}

/** An inquiry (`warning_…`) takes nothing yet. What is not known is taken for open, so that a person looks at it. */
function disputeSnapshot({ id, status, amount, currency }: Stripe.Dispute): DisputeSnapshot {
  const amountMinor = fromStripe(amount, currency.toUpperCase())
  const state = disputeStates[status] ?? 'opened'
  const isTaken = state === 'opened' || state === 'lost'
  return { id, status: state, amountMinor, withdrawnMinor: isTaken ? amountMinor : 0n }
}

const disputeStates: Readonly<Record<string, DisputeSnapshot['status']>> = {
  warning_needs_response: 'inquiry',
  warning_under_review: 'inquiry',
  warning_closed: 'closed',
  prevented: 'closed',
  needs_response: 'opened',
  under_review: 'opened',
  won: 'won',
  lost: 'lost',
  appeal_needs_response: 'lost',
  appeal_under_review: 'lost',
}
