import type { PaymentSchema, PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import { systemCall, type Call } from '../../platform/call.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Till } from '../application/pay-orders.ts'
import type { Payments } from '../application/payments.ts'
import type { GateOutcome } from '../domain/closing.ts'

export type PaymentCalls = Pick<
  Handlers<typeof PaymentService>,
  'beginPayment' | 'closeGate' | 'listPayments' | 'issueReceipt' | 'listReceipts'
>

export function paymentGates(payments: Pick<PaymentCalls, 'closeGate'>): Payments {
  return {
    async closeGate({ orderId, reason, refund = '', keepMinor, trace }) {
      const { outcome } = await payments.closeGate(
        { orderId, reason, refund, keepMinor: String(keepMinor) },
        systemCall(trace.correlationId, trace.traceparent),
      )
      failpoint('gate-closed')
      return outcome as GateOutcome // the payments' contract names these outcomes
    },
  }
}

export function paymentTill(
  payments: Pick<PaymentCalls, 'beginPayment' | 'listPayments'>,
): Till<Wire<typeof PaymentSchema>> {
  return {
    async begin({ id, userId, currency }, lines, { method, token, returnUrl, client }, call) {
      const dueMinor = lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0n)
      const { payment, replayed } = await payments.beginPayment(
        {
          ...{ orderId: id, userId, currency, method, token, returnUrl, client, capture: '' },
          dueMinor: String(dueMinor),
          lines: lines.map((line) => ({ ...line, totalMinor: String(line.totalMinor) })),
        },
        asService(call),
      )
      return { result: payment, isReplay: replayed }
    },
    async list(orderId, call) {
      return (await payments.listPayments({ orderId }, asService(call))).payments
    },
  }
}

/** The order has looked at who asks. The request's key goes along, because the payment is what it makes. */
function asService({ correlationId, traceparent, once }: Call): Call {
  return { ...systemCall(correlationId, traceparent), ...(once ? { once } : {}) }
}
