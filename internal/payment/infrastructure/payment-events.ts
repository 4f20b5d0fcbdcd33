import type { DescMessage } from '@bufbuild/protobuf'
import {
  DisputeLostSchema,
  DisputeOpenedSchema,
  DisputeWonSchema,
  PaymentActionRequiredSchema,
  PaymentAuthorizedSchema,
  PaymentCanceledSchema,
  PaymentCapturedSchema,
  PaymentDueChangedSchema,
  PaymentExpiredSchema,
  PaymentFailedSchema,
  PaymentInitiatedSchema,
  PaymentLapsedSchema,
  PaymentLateSchema,
  PaymentMismatchSchema,
  PaymentOverpaidSchema,
  PaymentProcessingSchema,
  RefundFailedSchema,
  RefundRequestedSchema,
  RefundSucceededSchema,
} from '../../gen/payment/v1/events_pb.ts'
import type { Trace } from '../../platform/call.ts'
import { eventType, type EventType } from '../../platform/event.ts'
import { outboxEvent, type OutboxEvent } from '../../platform/outbox.ts'
import { statusOfPayment } from '../domain/account.ts'
import type { Money, PaymentEvent } from '../domain/events.ts'

const failed = eventType(PaymentFailedSchema)
const dueChanged = eventType(PaymentDueChangedSchema)

// The messages of one table have the same fields, so one of them stands for all.
const paymentType = (message: DescMessage) => eventType(message) as EventType<typeof PaymentInitiatedSchema>
const refundType = (message: DescMessage) => eventType(message) as EventType<typeof RefundRequestedSchema>
const disputeType = (message: DescMessage) => eventType(message) as EventType<typeof DisputeOpenedSchema>

const payments = {
  'payment.initiated': paymentType(PaymentInitiatedSchema),
  'payment.action_required': paymentType(PaymentActionRequiredSchema),
  'payment.processing': paymentType(PaymentProcessingSchema),
  'payment.authorized': paymentType(PaymentAuthorizedSchema),
  'payment.captured': paymentType(PaymentCapturedSchema),
  'payment.canceled': paymentType(PaymentCanceledSchema),
  'payment.expired': paymentType(PaymentExpiredSchema),
  'payment.lapsed': paymentType(PaymentLapsedSchema),
  'payment.late': paymentType(PaymentLateSchema),
  'payment.overpaid': paymentType(PaymentOverpaidSchema),
  'payment.mismatch': paymentType(PaymentMismatchSchema),
} as const

const refunds = {
  'refund.requested': refundType(RefundRequestedSchema),
  'refund.succeeded': refundType(RefundSucceededSchema),
  'refund.failed': refundType(RefundFailedSchema),
} as const

const disputes = {
  'dispute.opened': disputeType(DisputeOpenedSchema),
  'dispute.won': disputeType(DisputeWonSchema),
  'dispute.lost': disputeType(DisputeLostSchema),
} as const

/** The aggregate is the order's gate, so all events of an order's money are in one order. */
export function encodePaymentEvent(event: PaymentEvent, trace: Trace): OutboxEvent {
  const { version, money, at } = event
  const about = {
    aggregateType: 'payment',
    aggregateId: money.orderId,
    aggregateVersion: version,
    occurredAt: at,
  }
  const common = { orderId: money.orderId, gateVersion: version, ...moneyJson(money) }
  if ('refund' in event) {
    const { id: refundId, paymentId, amountMinor } = event.refund
    const data = { ...common, paymentId, refundId, amountMinor: String(amountMinor) }
    return outboxEvent(refunds[event.type], { ...about, data }, trace)
  }
  if ('paymentId' in event) {
    const data = { ...common, paymentId: event.paymentId, amountMinor: String(event.amountMinor) }
    return outboxEvent(disputes[event.type], { ...about, data }, trace)
  }
  if ('newest' in event)
    return outboxEvent(dueChanged, { ...about, data: { ...common, status: event.newest ?? '' } }, trace)
  const { payment, type } = event
  const data = { ...common, paymentId: payment.id, status: statusOfPayment(payment), method: payment.method }
  if (type === 'payment.failed')
    return outboxEvent(
      failed,
      { ...about, data: { ...data, failureCode: payment.failure?.code ?? '' } },
      trace,
    )
  return outboxEvent(payments[type], { ...about, data }, trace)
}

const moneyJson = (money: Money) => ({
  dueMinor: String(money.dueMinor),
  authorizedMinor: String(money.authorizedMinor),
  capturedMinor: String(money.capturedMinor),
  refundedMinor: String(money.refundedMinor),
  pendingMinor: String(money.pendingMinor),
  currency: money.currency,
  covered: money.covered,
  gate: money.gate,
})
