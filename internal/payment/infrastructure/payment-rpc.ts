import type { PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import { fittingLists } from '../../platform/message-size.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { beginPayment } from '../application/begin-payment.ts'
import type { closeGate, reopenGate } from '../application/gates.ts'
import type { hasOpenMoney } from '../application/open-money.ts'
import { methodsFor, type OfferedMethod } from '../application/methods.ts'
import type {
  capturePayment,
  getPayment,
  listPayments,
  listPaymentsOfOrders,
  voidPayment,
} from '../application/payments.ts'
import type { refundPayment } from '../application/refunds.ts'
import type { listDeadWebhooks, receiveWebhook, requeueWebhook } from '../application/webhooks.ts'
import { staffCalls, type StaffApp } from './staff-rpc.ts'
import { toldCalls, type ToldApp } from './told-rpc.ts'
import {
  captureOf,
  currencyOf,
  minorOf,
  minorOr,
  orderIdOf,
  orderIdsOf,
  paymentIdOf,
  lineOf,
  reasonOf,
  refundModeOf,
  rowIdOf,
  userIdOf,
} from './parse-requests.ts'
import { gateJson, paymentJson, refundJson } from './payment-json.ts'
import { receiptRpc, type ReceiptApp } from './receipt-rpc.ts'

export type PaymentApp = StaffApp &
  ToldApp &
  ReceiptApp & {
    readonly beginPayment: ReturnType<typeof beginPayment>
    readonly closeGate: ReturnType<typeof closeGate>
    readonly reopenGate: ReturnType<typeof reopenGate>
    readonly refundPayment: ReturnType<typeof refundPayment>
    readonly getPayment: ReturnType<typeof getPayment>
    readonly listPayments: ReturnType<typeof listPayments>
    readonly listPaymentsOfOrders: ReturnType<typeof listPaymentsOfOrders>
    readonly capturePayment: ReturnType<typeof capturePayment>
    readonly voidPayment: ReturnType<typeof voidPayment>
    readonly receiveWebhook: ReturnType<typeof receiveWebhook>
    readonly listDeadWebhooks: ReturnType<typeof listDeadWebhooks>
    readonly requeueWebhook: ReturnType<typeof requeueWebhook>
    readonly hasOpenMoney: ReturnType<typeof hasOpenMoney>
    readonly methods: readonly OfferedMethod[]
  }

export function paymentRpc(app: PaymentApp): Handlers<typeof PaymentService> {
  return {
    ...{ ...ordersCalls(app), ...toldCalls(app), ...receiptRpc(app) },
    ...{ ...peoplesCalls(app), ...providersCalls(app), ...staffCalls(app) },
    hasOpenMoney: async ({ userId }, call) => ({
      open: await app.hasOpenMoney(parseUuid(userId, 'user.invalid-id', "a user's id"), call),
    }),
  }
}

type Calls<Name extends keyof Handlers<typeof PaymentService>> = Pick<Handlers<typeof PaymentService>, Name>

function ordersCalls(app: PaymentApp): Calls<'beginPayment' | 'closeGate' | 'reopenGate'> {
  return {
    async beginPayment(request, call) {
      const { account, payment, isNew } = await app.beginPayment(
        {
          ...{
            method: request.method,
            token: request.token,
            returnUrl: request.returnUrl,
            client: request.client,
          },
          paymentId: request.paymentId === '' ? undefined : paymentIdOf(request.paymentId),
          orderId: orderIdOf(request.orderId),
          userId: userIdOf(request.userId),
          dueMinor: minorOf(request.dueMinor),
          currency: currencyOf(request.currency),
          capture: captureOf(request.capture),
          lines: request.lines.map(lineOf),
        },
        call,
      )
      return { payment: paymentJson(account, payment), gate: gateJson(account), replayed: !isNew }
    },
    async closeGate({ orderId, reason, refund, keepMinor, isOver }, call) {
      const { account, outcome } = await app.closeGate(
        {
          ...{ orderId: orderIdOf(orderId), reason: reasonOf(reason) },
          ...{ refund: refundModeOf(refund), keepMinor: minorOf(keepMinor), isOver },
        },
        call,
      )
      return { outcome, gate: gateJson(account) }
    },
    reopenGate: async ({ orderId, dueMinor }, call) => ({
      gate: gateJson(await app.reopenGate(orderIdOf(orderId), minorOf(dueMinor), call)),
    }),
  }
}

function peoplesCalls(
  app: PaymentApp,
): Calls<
  | 'getPayment'
  | 'listPayments'
  | 'listPaymentsOfOrders'
  | 'listPaymentMethods'
  | 'capturePayment'
  | 'voidPayment'
  | 'refundPayment'
> {
  return {
    async getPayment({ id }, call) {
      const { account, payment } = await app.getPayment(paymentIdOf(id), call)
      return { payment: paymentJson(account, payment) }
    },
    async listPayments({ orderId }, call) {
      const account = await app.listPayments(orderIdOf(orderId), call)
      return { payments: account ? account.payments.map((payment) => paymentJson(account, payment)) : [] }
    },
    async listPaymentsOfOrders({ orderIds }, call) {
      const accounts = await app.listPaymentsOfOrders(orderIdsOf(orderIds), call)
      const { items, unread } = fittingLists(
        accounts.map((account) => {
          const payments = account.payments.map((payment) => paymentJson(account, payment))
          return [account.gate.orderId, payments] as const
        }),
      )
      return { payments: items, unreadOrderIds: unread }
    },
    async listPaymentMethods({ amountMinor, currency = '' }) {
      const minor = minorOr(amountMinor)
      const offered = minor === undefined ? app.methods : methodsFor(app.methods, minor, currencyOf(currency))
      return {
        methods: offered.map(({ id, name, kind, processesForMs = 0 }) => ({
          ...{ id, name, kind },
          processesForSeconds: Math.ceil(processesForMs / 1_000),
        })),
      }
    },
    async capturePayment({ id, amountMinor }, call) {
      const { result, isReplay } = await app.capturePayment(paymentIdOf(id), minorOr(amountMinor), call)
      return { payment: paymentJson(result.account, result.payment), replayed: isReplay }
    },
    async voidPayment({ id }, call) {
      const { result, isReplay } = await app.voidPayment(paymentIdOf(id), call)
      return { payment: paymentJson(result.account, result.payment), replayed: isReplay }
    },
    async refundPayment({ id, amountMinor, lines, reason }, call) {
      const { result, isReplay } = await app.refundPayment(
        paymentIdOf(id),
        { amountMinor: minorOr(amountMinor), lines, reason: reasonOf(reason) },
        call,
      )
      return { refund: refundJson(result.account, result.refund), replayed: isReplay }
    },
  }
}

function providersCalls(app: PaymentApp): Calls<'receiveWebhook' | 'listDeadWebhooks' | 'requeueWebhook'> {
  return {
    async receiveWebhook({ provider, headers, body }) {
      // A map of the contract, whose values are texts.
      const texts = headers as Readonly<Record<string, string>>
      await app.receiveWebhook(provider, texts, Buffer.from(body, 'base64'))
      return {}
    },
    async listDeadWebhooks({ limit }, call) {
      const dead = await app.listDeadWebhooks(limit, call)
      return {
        webhooks: dead.map(({ id, provider, eventId = '', resource, reason, tries, receivedAt }) => ({
          ...{ id, provider, eventId, resource, reason, tries },
          receivedAt: receivedAt.toISOString(),
        })),
      }
    },
    async requeueWebhook({ id }, call) {
      await app.requeueWebhook(rowIdOf(id), call)
      return {}
    },
  }
}
