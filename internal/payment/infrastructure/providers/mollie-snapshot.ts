import type {
  CaptureSnapshot,
  DisputeSnapshot,
  PaymentSnapshot,
  RefundSnapshot,
  SnapshotState,
} from '../../domain/payment-snapshot.ts'
import { mollieNames } from './mollie-methods.ts'
import { fromMollie, type MollieAmount } from './mollie-units.ts'
import { declineCodeOf } from './outcome.ts'

type Metadata = Readonly<Record<string, string | undefined>> | null

/** The parts of Mollie's answers that are read. */
export type MolliePayment = {
  readonly id: string
  readonly createdAt: string
  readonly amount: MollieAmount
  readonly method: string | null
  readonly metadata: Metadata
  readonly status: string
  readonly isCancelable?: boolean
  readonly captureMode?: string | null
  readonly authorizedAt?: string
  readonly captureBefore?: string
  readonly statusReason?: { readonly code: string; readonly message: string } | null
  readonly _embedded?: {
    readonly captures?: readonly MollieCapture[]
    readonly refunds?: readonly MollieRefund[]
    readonly chargebacks?: readonly MollieChargeback[]
  }
  readonly _links?: { readonly checkout?: { readonly href: string } }
}

export type MollieCapture = {
  readonly id: string
  readonly amount: MollieAmount
  readonly status: string
  readonly metadata: Metadata
}

export type MollieRefund = {
  readonly id: string
  readonly amount: MollieAmount
  readonly status: string
  readonly metadata: Metadata
  readonly paymentId: string
}

export type MollieChargeback = {
  readonly id: string
  readonly amount: MollieAmount
  readonly reversedAt: string | null
  readonly paymentId: string
}

export function mollieSnapshot(payment: MolliePayment): PaymentSnapshot {
  const { id, amount, status, metadata, captureBefore, _embedded: parts = {}, _links: links = {} } = payment
  const captures = capturesOf(payment)
  const amountMinor = fromMollie(amount)
  const isAuthorized = status === 'authorized'
  const takenMinor = captures
    .filter((one) => one.status !== 'failed')
    .reduce((sum, one) => sum + one.cumulativeMinor, 0n)
  const failure = payment.statusReason ?? { code: '', message: 'The payment has failed.' }
  return {
    ref: id,
    ourId: metadata?.payment_id,
    method:
      Object.entries(mollieNames).find(([, name]) => name === payment.method)?.[0] ??
      (payment.method || 'card'),
    state: stateOf(payment, takenMinor),
    actionUrl: links.checkout?.href,
    currency: amount.currency,
    amountMinor,
    authorizedMinor: isAuthorized ? amountMinor - takenMinor : 0n,
    authorizedUntil: isAuthorized && captureBefore !== undefined ? new Date(captureBefore) : undefined,
    captures,
    refunds: (parts.refunds ?? []).map(mollieRefundSnapshot),
    disputes: (parts.chargebacks ?? []).map(disputeSnapshot),
    failure:
      status === 'failed' ? { code: declineCodeOf(failure.code), message: failure.message } : undefined,
  }
}

/** A payment that is captured by itself lists no captures: then the payment is its own capture. */
function capturesOf({
  id,
  amount,
  status,
  captureMode,
  _embedded: parts = {},
}: MolliePayment): readonly CaptureSnapshot[] {
  if (captureMode === 'manual') return (parts.captures ?? []).map(captureSnapshot)
  return status === 'paid'
    ? [{ id, ourId: undefined, status: 'succeeded', cumulativeMinor: fromMollie(amount) }]
    : []
}

export function captureSnapshot({ id, amount, status, metadata }: MollieCapture): CaptureSnapshot {
  return {
    id,
    ourId: metadata?.capture_id,
    status: status === 'succeeded' || status === 'failed' ? status : 'pending',
    cumulativeMinor: fromMollie(amount),
  }
}

function stateOf({ status, authorizedAt, captureMode }: MolliePayment, takenMinor: bigint): SnapshotState {
  const wasAuthorized = captureMode === 'manual' && authorizedAt !== undefined
  switch (status) {
    case 'open':
      return 'action_required'
    case 'authorized':
      return 'authorized'
    case 'paid':
      return 'captured'
    case 'failed':
      return 'failed'
    case 'canceled':
      return takenMinor > 0n ? 'captured' : wasAuthorized ? 'voided' : 'canceled'
    case 'expired':
      return takenMinor > 0n ? 'captured' : wasAuthorized ? 'lapsed' : 'expired'
    default: // pending, and whatever Mollie may add: it is read again
      return 'processing'
  }
}

export function mollieRefundSnapshot({ id, amount, status, metadata }: MollieRefund): RefundSnapshot {
  return {
    id,
    ourId: metadata?.refund_id,
    status: refundStates[status] ?? 'pending',
    amountMinor: fromMollie(amount),
    failure: status === 'failed' ? 'failed' : undefined,
  }
}

const refundStates: Readonly<Record<string, RefundSnapshot['status']>> = {
  queued: 'pending',
  pending: 'pending',
  processing: 'pending',
  refunded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
}

/** A chargeback takes the money when it is opened; one that we win is reversed. Mollie never calls one lost. */
function disputeSnapshot({ id, amount, reversedAt }: MollieChargeback): DisputeSnapshot {
  const amountMinor = fromMollie(amount)
  return reversedAt === null
    ? { id, status: 'opened', amountMinor, withdrawnMinor: amountMinor }
    : { id, status: 'won', amountMinor, withdrawnMinor: 0n }
}
