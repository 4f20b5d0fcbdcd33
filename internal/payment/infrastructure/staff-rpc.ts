import type { PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import { fittingPage } from '../../platform/message-size.ts'
import type { Handlers } from '../../platform/service.ts'
import type { listRefunds, repeatRefund, settleRefund } from '../application/staff-refunds.ts'
import type { assignSuspense, listSuspense, resolveSuspense } from '../application/suspense.ts'
import {
  currencyOf,
  lineOf,
  minorOf,
  orderIdOf,
  referenceOf,
  refundIdOf,
  refundStatusOf,
  userIdOf,
} from './parse-requests.ts'
import { gateJson, paymentJson, refundJson } from './payment-json.ts'

export type StaffApp = {
  readonly listRefunds: ReturnType<typeof listRefunds>
  readonly settleRefund: ReturnType<typeof settleRefund>
  readonly repeatRefund: ReturnType<typeof repeatRefund>
  readonly listSuspense: ReturnType<typeof listSuspense>
  readonly assignSuspense: ReturnType<typeof assignSuspense>
  readonly resolveSuspense: ReturnType<typeof resolveSuspense>
}

/** What staff decide about money that no provider ends by itself. */
export function staffCalls(app: StaffApp) {
  return {
    async listRefunds({ status, limit, afterId }, call) {
      const { refunds, next } = await app.listRefunds(
        {
          status: status === undefined ? undefined : refundStatusOf(status),
          after: afterId === undefined ? undefined : refundIdOf(afterId),
          limit,
        },
        call,
      )
      const page = fittingPage(
        refunds.map(({ account, refund }) => refundJson(account, refund)),
        next,
      )
      return { refunds: page.items, nextId: page.nextId }
    },
    async settleRefund({ id, reference }, call) {
      const { account, refund } = await app.settleRefund(refundIdOf(id), referenceOf(reference), call)
      return { refund: refundJson(account, refund) }
    },
    async repeatRefund({ id }, call) {
      const { result, isReplay } = await app.repeatRefund(refundIdOf(id), call)
      return { refund: refundJson(result.account, result.refund), replayed: isReplay }
    },
    async listSuspense({ limit }, call) {
      const money = await app.listSuspense(limit, call)
      return {
        money: money.map(({ amountMinor, foundAt, ...rest }) => ({
          ...rest,
          ...{ amountMinor: String(amountMinor), foundAt: foundAt.toISOString() },
        })),
      }
    },
    async assignSuspense({ orderId, userId, dueMinor, currency, lines, provider, ref }, call) {
      const { account, payment } = await app.assignSuspense(
        {
          ...{ orderId: orderIdOf(orderId), userId: userIdOf(userId), dueMinor: minorOf(dueMinor) },
          ...{ currency: currencyOf(currency), lines: lines.map(lineOf), provider, ref },
        },
        call,
      )
      return { payment: paymentJson(account, payment), gate: gateJson(account) }
    },
    async resolveSuspense({ provider, ref, reference }, call) {
      await app.resolveSuspense({ provider, ref, reference: referenceOf(reference) }, call)
      return {}
    },
  } satisfies Partial<Handlers<typeof PaymentService>>
}
