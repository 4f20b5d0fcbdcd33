import { captured, disputed, refunded, type Dispute, type Payment, type Refund } from '../payment.ts'

const seconds = (ms: number): number => Math.floor(ms / 1_000)

/** A payment as Stripe's PaymentIntent. */
export function paymentIntent(payment: Payment, publicUrl: string) {
  const { ref, status, behaviour, captureLater, captures, authorized, failure } = payment
  const isAuthorizedAgain = status === 'authorized' && captures.length > 0
  return {
    id: ref,
    object: 'payment_intent',
    amount: payment.amount,
    amount_capturable: authorized,
    amount_received: captured(payment),
    cancellation_reason: status === 'lapsed' ? 'automatic' : status === 'canceled' ? 'abandoned' : null,
    capture_method: captureLater ? 'manual' : 'automatic',
    client_secret: `${ref}_secret_sandbox`,
    confirmation_method: 'automatic',
    created: seconds(payment.createdAt),
    currency: payment.currency.toLowerCase(),
    description: payment.description,
    last_payment_error:
      status === 'failed' && failure !== undefined
        ? {
            type: 'card_error',
            code: failure.code,
            decline_code: failure.declineCode || null,
            message: failure.message,
          }
        : null,
    latest_charge: payment.chargeId === '' ? null : payment.chargeId,
    livemode: false,
    metadata: payment.metadata,
    next_action:
      status === 'action_required'
        ? {
            type: 'redirect_to_url',
            redirect_to_url: { url: `${publicUrl}/pay/${ref}`, return_url: payment.returnUrl },
          }
        : null,
    payment_method: behaviour.needsAction && status === 'failed' ? null : `pm_${ref.slice(3)}`,
    payment_method_types: [payment.method],
    status: isAuthorizedAgain ? 'requires_capture' : statuses[status],
  }
}

const statuses: Readonly<Record<Payment['status'], string>> = {
  action_required: 'requires_action',
  authorized: 'requires_capture',
  captured: 'succeeded',
  failed: 'requires_payment_method',
  canceled: 'canceled',
  expired: 'canceled',
  lapsed: 'canceled',
}

/** The charge of a payment whose bank has said yes. */
export function charge(payment: Payment) {
  const taken = captured(payment)
  const back = refunded(payment)
  const isReleased = taken === 0 && payment.status !== 'authorized'
  return {
    id: payment.chargeId,
    object: 'charge',
    amount: payment.amount,
    amount_captured: taken,
    // The release of an authorization is shown as if it were a refund, as Stripe does.
    amount_refunded: isReleased ? payment.amount : back,
    balance_transaction: taken === 0 ? null : `txn_${payment.ref.slice(3)}`,
    captured: taken > 0,
    created: seconds(payment.createdAt),
    currency: payment.currency.toLowerCase(),
    disputed: payment.disputes.length > 0,
    metadata: payment.metadata,
    paid: true,
    payment_intent: payment.ref,
    payment_method_details:
      payment.method === 'card'
        ? {
            type: 'card',
            card: {
              multicapture: { status: payment.canCaptureOften ? 'available' : 'unavailable' },
              ...(payment.status === 'authorized' && payment.wakeAt !== undefined
                ? { capture_before: seconds(payment.wakeAt) }
                : {}),
            },
          }
        : { type: payment.method, [payment.method]: {} },
    refunded: isReleased || (taken > 0 && back === taken),
    status: 'succeeded',
  }
}

export function stripeRefund(payment: Payment, { id, amount, status, at, metadata }: Refund) {
  return {
    id,
    object: 'refund',
    amount,
    balance_transaction: `txn_${id}`,
    charge: payment.chargeId,
    created: seconds(at),
    currency: payment.currency.toLowerCase(),
    failure_reason: status === 'failed' ? 'lost_or_stolen_card' : null,
    metadata,
    payment_intent: payment.ref,
    reason: 'requested_by_customer',
    status,
  }
}

export function stripeDispute(payment: Payment, { id, amount, status, reason, at }: Dispute) {
  return {
    id,
    object: 'dispute',
    amount,
    charge: payment.chargeId,
    created: seconds(at),
    currency: payment.currency.toLowerCase(),
    is_charge_refundable: disputed(payment) === 0,
    livemode: false,
    metadata: {},
    payment_intent: payment.ref,
    reason,
    status: disputeStatuses[status],
  }
}

const disputeStatuses: Readonly<Record<Dispute['status'], string>> = {
  inquiry: 'warning_needs_response',
  opened: 'needs_response',
  won: 'won',
  lost: 'lost',
  closed: 'warning_closed',
}
