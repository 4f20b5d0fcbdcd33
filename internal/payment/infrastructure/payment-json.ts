import type { GateSchema, PaymentSchema, RefundSchema } from '../../gen/payment/v1/payment_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import {
  awaitsStaff,
  foldOf,
  statusOfPayment,
  type Account,
  type Payment,
  type Refund,
} from '../domain/account.ts'
import { attemptsOf } from '../domain/attempts.ts'
import { moneyOf } from '../domain/events.ts'

export function paymentJson({ gate, refunds }: Account, payment: Payment): Wire<typeof PaymentSchema> {
  const folded = foldOf(payment)
  const status = statusOfPayment(payment)
  const byHand = refunds
    .filter((refund) => refund.paymentId === payment.id && refund.status === 'settled_manually')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  return {
    id: payment.id,
    orderId: gate.orderId,
    userId: gate.userId ?? '',
    status,
    method: payment.method,
    amountMinor: String(payment.amountMinor),
    authorizedMinor: String(folded.authorizedMinor),
    capturedMinor: String(folded.capturedMinor),
    refundedMinor: String(folded.refundedMinor + byHand),
    currency: payment.currency,
    actionUrl: status === 'action_required' ? payment.actionUrl : '',
    failureCode: status === 'failed' ? (payment.failure?.code ?? 'declined') : '',
    failureMessage: status === 'failed' ? (payment.failure?.message ?? '') : '',
    createdAt: payment.createdAt.toISOString(),
    updatedAt: payment.updatedAt.toISOString(),
    endsAt: payment.endsAt?.toISOString() ?? '',
  }
}

export function gateJson(account: Account): Wire<typeof GateSchema> {
  const { version } = account.gate
  const { gate: status, orderId, currency, covered, ...money } = moneyOf(account)
  return {
    ...{ orderId, status, version, currency, covered },
    dueMinor: String(money.dueMinor),
    authorizedMinor: String(money.authorizedMinor),
    capturedMinor: String(money.capturedMinor),
    refundedMinor: String(money.refundedMinor),
    pendingMinor: String(money.pendingMinor),
    ...attemptsOf(account),
  }
}

export const refundJson = (
  { gate: { orderId, currency }, payments }: Pick<Account, 'gate' | 'payments'>,
  refund: Refund,
): Wire<typeof RefundSchema> => ({
  id: refund.id,
  orderId,
  currency,
  paymentId: refund.paymentId,
  status: refund.status,
  amountMinor: String(refund.amountMinor),
  lines: refund.lines
    .filter(({ quantity }) => quantity > 0)
    .map(({ lineId, quantity }) => ({ lineId, quantity })),
  reason: refund.reason,
  createdAt: refund.createdAt.toISOString(),
  reference: refund.reference,
  awaitsStaff: awaitsStaff({ payments }, refund),
})
