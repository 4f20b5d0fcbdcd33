import type { PaymentSchema, PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import { systemCall, type Call } from '../../platform/call.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Till } from '../application/pay-orders.ts'
import type { Payments } from '../application/payments.ts'
import type { GateOutcome } from '../domain/closing.ts'
import type { Order } from '../domain/order.ts'
import type { LineMoney } from '../domain/payable.ts'

export type PaymentCalls = Pick<
  Handlers<typeof PaymentService>,
  'beginPayment' | 'closeGate' | 'listPayments' | 'listPaymentMethods'
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

export function paymentTill(payments: Omit<PaymentCalls, 'closeGate'>): Till<Wire<typeof PaymentSchema>> {
  return {
    async begin(order, lines, wanted, call) {
      const request = { ...dueOf(order, lines), ...wanted, paymentId: '' }
      const { payment, replayed } = await payments.beginPayment(request, asService(call))
      return { result: payment, isReplay: replayed }
    },
    async beginFirst(order, lines, { id: paymentId, ...wanted }, { correlationId, traceparent }) {
      const request = { ...dueOf(order, lines), ...wanted, paymentId }
      await payments.beginPayment(request, systemCall(correlationId, traceparent))
      failpoint('begin-mark')
    },
    async list(orderId, call) {
      return (await payments.listPayments({ orderId }, asService(call))).payments
    },
    methods: remembered(async () => {
      const { methods } = await payments.listPaymentMethods({}, systemCall(''))
      return methods.map(({ id, kind }) => ({ id, isOffline: kind === 'offline' }))
    }),
  }
}

function dueOf({ id, userId, currency }: Order, lines: readonly LineMoney[]) {
  return {
    ...{ orderId: id, userId: userId ?? '', currency, capture: '' },
    dueMinor: String(lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0n)),
    lines: lines.map((line) => ({ ...line, totalMinor: String(line.totalMinor) })),
  }
}

const methodsKeptMs = 10_000

/** What a shop offers changes with its settings, when its payment service starts anew. */
function remembered<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let known: { readonly answer: Promise<Answer>; readonly until: number } | undefined
  return () => {
    if (known && performance.now() < known.until) return known.answer
    const answer = ask()
    known = { answer, until: performance.now() + methodsKeptMs }
    answer.catch(() => (known = undefined))
    return answer
  }
}

/** The order has looked at who asks. The request's key goes along, because the payment is what it makes. */
function asService({ correlationId, traceparent, once }: Call): Call {
  return { ...systemCall(correlationId, traceparent), ...(once ? { once } : {}) }
}
