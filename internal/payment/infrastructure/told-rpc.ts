import type { PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { creditGoods } from '../application/credit-goods.ts'
import type { captureForGoods, listGates, recordOffline } from '../application/gates.ts'
import type { takeOverOrders } from '../application/take-over.ts'
import type { UserId } from '../domain/ids.ts'
import {
  currencyOf,
  lineOf,
  minorOf,
  minorOr,
  orderIdOf,
  reasonOf,
  refuseMany,
  referenceOf,
  userIdOf,
} from './parse-requests.ts'
import { gateJson, paymentJson, refundJson } from './payment-json.ts'

export type ToldApp = {
  readonly creditGoods: ReturnType<typeof creditGoods>
  readonly recordOffline: ReturnType<typeof recordOffline>
  readonly listGates: ReturnType<typeof listGates>
  readonly captureForGoods: ReturnType<typeof captureForGoods>
  readonly takeOverOrders: ReturnType<typeof takeOverOrders>
}

/** What the order service tells and asks of orders. */
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
    async listGates({ gates }, call) {
      refuseMany(gates)
      const wanted = gates.map(({ orderId, version }) => ({ orderId: orderIdOf(orderId), version }))
      return { gates: (await app.listGates(wanted, call)).map(gateJson) }
    },
    async captureForGoods({ orderIds }, call) {
      refuseMany(orderIds)
      await app.captureForGoods(orderIds.map(orderIdOf), call)
      return {}
    },
    async takeOverOrders({ orderIds, userId }, call) {
      refuseMany(orderIds)
      const owner = parseUuid(userId, 'user.invalid-id', "a user's id") as UserId
      await app.takeOverOrders(orderIds.map(orderIdOf), owner, call)
      return {}
    },
  } satisfies Partial<Handlers<typeof PaymentService>>
}
