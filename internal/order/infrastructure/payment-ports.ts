import type { GateSchema, PaymentSchema, PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import { systemCall, type Call } from '../../platform/call.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Till } from '../application/pay-orders.ts'
import type { Payments } from '../application/payments.ts'
import type { GateOutcome } from '../domain/closing.ts'
import type { Money } from '../domain/money.ts'
import type { Order, OrderId } from '../domain/order.ts'
import type { LineMoney } from '../domain/payable.ts'

export type PaymentCalls = Pick<
  Handlers<typeof PaymentService>,
  | 'assignSuspense'
  | 'beginPayment'
  | 'captureForGoods'
  | 'closeGate'
  | 'creditGoods'
  | 'issueReceipt'
  | 'listGates'
  | 'listPayments'
  | 'listPaymentsOfOrders'
  | 'listPaymentMethods'
  | 'listReceipts'
  | 'recordOffline'
  | 'reopenGate'
  | 'takeOverOrders'
>

/** What says that a gate stays closed. */
const staysClosed = ['payment.given-back', 'payment.not-covered', 'payment.order-unknown']

export function paymentGates(
  payments: Pick<
    PaymentCalls,
    | 'captureForGoods'
    | 'closeGate'
    | 'creditGoods'
    | 'listGates'
    | 'recordOffline'
    | 'reopenGate'
    | 'takeOverOrders'
  >,
): Payments {
  return {
    async closeGate({ orderId, reason, refund = '', keepMinor, isOver = false, trace }) {
      const { outcome } = await payments.closeGate(
        { orderId, reason, refund, keepMinor: String(keepMinor), isOver },
        systemCall(trace.correlationId, trace.traceparent),
      )
      failpoint('gate-closed')
      return outcome as GateOutcome // the payments' contract names these outcomes
    },
    async recordOffline({ order, lines, reference, trace }) {
      const { gate } = await payments.recordOffline(
        { ...dueOf(order, lines), reference },
        systemCall(trace.correlationId, trace.traceparent),
      )
      failpoint('money-recorded')
      return moneyOf(gate)
    },
    async creditGoods({ order, lines, keepMinor, reason, trace }) {
      await payments.creditGoods(
        {
          ...dueOf(order, lines),
          ...{ reason, keepMinor: keepMinor === undefined ? undefined : String(keepMinor) },
        },
        systemCall(trace.correlationId, trace.traceparent),
      )
      failpoint('goods-credited')
    },
    async reopenGate({ orderId, dueMinor, trace }) {
      try {
        const call = systemCall(trace.correlationId, trace.traceparent)
        const { gate } = await payments.reopenGate({ orderId, dueMinor: String(dueMinor) }, call)
        failpoint('gate-reopened')
        return gate.status === 'open' && gate.covered
      } catch (err) {
        if (err instanceof Refusal && staysClosed.includes(err.code)) return false
        throw err
      }
    },
    ...moneyOfOrders(payments),
  }
}

/** What is asked and told of several orders at once. */
function moneyOfOrders(
  payments: Pick<PaymentCalls, 'captureForGoods' | 'listGates' | 'takeOverOrders'>,
): Pick<Payments, 'captureForGoods' | 'readMoney' | 'takeOver'> {
  return {
    async readMoney(wanted, trace) {
      const gates = wanted.map(({ orderId, gateVersion: version }) => ({ orderId, version }))
      const answer = await payments.listGates({ gates }, systemCall(trace.correlationId, trace.traceparent))
      return new Map(answer.gates.map((gate) => [gate.orderId as OrderId, moneyOf(gate)])) // ids that were asked for
    },
    async takeOver(orderIds, userId, trace) {
      const call = systemCall(trace.correlationId, trace.traceparent)
      await payments.takeOverOrders({ orderIds: [...orderIds], userId }, call)
    },
    async captureForGoods(orderIds, trace) {
      const call = systemCall(trace.correlationId, trace.traceparent)
      await payments.captureForGoods({ orderIds: [...orderIds] }, call)
    },
  }
}

export function paymentTill(
  payments: Pick<
    PaymentCalls,
    'assignSuspense' | 'beginPayment' | 'listPayments' | 'listPaymentsOfOrders' | 'listPaymentMethods'
  >,
): Till<Wire<typeof PaymentSchema>> {
  return {
    async begin(order, lines, wanted, call) {
      const request = { ...dueOf(order, lines), ...wanted, capture: '', paymentId: '' }
      const { payment, replayed } = await payments.beginPayment(request, asService(call))
      return { result: payment, isReplay: replayed }
    },
    async beginFirst(order, lines, { id: paymentId, ...wanted }, { correlationId, traceparent }) {
      const request = { ...dueOf(order, lines), ...wanted, capture: '', paymentId }
      await payments.beginPayment(request, systemCall(correlationId, traceparent))
      failpoint('begin-mark')
    },
    async assign(order, lines, money, call) {
      const { payment } = await payments.assignSuspense({ ...dueOf(order, lines), ...money }, asService(call))
      return payment
    },
    async list(orderId, call) {
      return (await payments.listPayments({ orderId }, asService(call))).payments
    },
    async listOfAll(orderIds, call) {
      const request = { orderIds: [...orderIds] }
      const answer = await payments.listPaymentsOfOrders(request, asService(call))
      return { payments: answer.payments, unread: answer.unreadOrderIds }
    },
    methods: remembered(async () => {
      const { methods } = await payments.listPaymentMethods({}, systemCall(''))
      return methods.map(({ id, kind, processesForSeconds }) => ({
        ...{ id, isOffline: kind === 'offline', processesForSeconds },
      }))
    }),
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

/** What the order says each time that it asks for something. */
const dueOf = ({ id, userId, currency }: Order, lines: readonly LineMoney[]) => ({
  ...{ orderId: id, userId: userId ?? '', currency },
  dueMinor: String(lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0n)),
  lines: lines.map((line) => ({ ...line, totalMinor: String(line.totalMinor) })),
})

const moneyOf = (gate: Wire<typeof GateSchema>): Money => ({
  gateVersion: gate.version,
  dueMinor: BigInt(gate.dueMinor),
  authorizedMinor: BigInt(gate.authorizedMinor),
  capturedMinor: BigInt(gate.capturedMinor),
  refundedMinor: BigInt(gate.refundedMinor),
  attempt: gate.attempt as Money['attempt'], // the payments' contract names these
  method: gate.method || undefined,
  flags: [
    ...(gate.mismatched ? (['review'] as const) : []),
    ...(gate.disputed ? (['dispute'] as const) : []),
  ],
})

/** The order has looked at who asks. The request's key goes along, because the payment is what it makes, and so does whoever the log names. */
function asService({ correlationId, traceparent, once, by }: Call): Call {
  return { ...systemCall(correlationId, traceparent), ...(once ? { once } : {}), ...(by ? { by } : {}) }
}
