import type { PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type { creditGoods } from '../application/credit-goods.ts'
import type { recordOffline } from '../application/gates.ts'
import {
  currencyOf,
  lineOf,
  minorOf,
  minorOr,
  orderIdOf,
  reasonOf,
  referenceOf,
  userIdOf,
} from './parse-requests.ts'
import { gateJson, paymentJson, refundJson } from './payment-json.ts'

export type ToldApp = {
  readonly creditGoods: ReturnType<typeof creditGoods>
  readonly recordOffline: ReturnType<typeof recordOffline>
}

/** What the order service tells: of units that are not owed, and of money that came to the bank. */
export function toldCalls(app: ToldApp) {
  return {
    async creditGoods({ orderId, userId, dueMinor, currency, lines, reason, keepMinor }, call) {
      const { account, refunds } = await app.creditGoods(
        {
          ...{ orderId: orderIdOf(orderId), userId: userIdOf(userId), dueMinor: minorOf(dueMinor) },
          ...{ currency: currencyOf(currency), lines: lines.map(lineOf), reason: reasonOf(reason) },
          keepMinor: minorOr(keepMinor),
        },
        call,
      )
      return { refunds: refunds.map((refund) => refundJson(account, refund)), gate: gateJson(account) }
    },
    async recordOffline({ orderId, userId, dueMinor, currency, reference, amountMinor, lines }, call) {
      const { account, payment } = await app.recordOffline(
        {
          ...{ orderId: orderIdOf(orderId), userId: userIdOf(userId), dueMinor: minorOf(dueMinor) },
          ...{ currency: currencyOf(currency), reference: referenceOf(reference) },
          ...{ amountMinor: minorOr(amountMinor), lines: lines.map(lineOf) },
        },
        call,
      )
      return { payment: paymentJson(account, payment), gate: gateJson(account) }
    },
  } satisfies Partial<Handlers<typeof PaymentService>>
}
