import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import type { PaymentSchema } from '../../gen/payment/v1/payment_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type {
  assignMoney,
  listOrderPayments,
  listPaymentsOfOrders,
  payOrder,
} from '../application/pay-orders.ts'
import { orderIdOf, orderIdsOf } from './order-ids.ts'

type Payment = Wire<typeof PaymentSchema>

export type PayingApp = {
  readonly payOrder: ReturnType<typeof payOrder<Payment>>
  readonly listOrderPayments: ReturnType<typeof listOrderPayments<Payment>>
  readonly listPaymentsOfOrders: ReturnType<typeof listPaymentsOfOrders<Payment>>
  readonly assignMoney: ReturnType<typeof assignMoney<Payment>>
}

export function payingRpc(app: PayingApp) {
  return {
    async payOrder({ id, ...wanted }, call) {
      const { result, isReplay } = await app.payOrder(orderIdOf(id), wanted, call)
      return { payment: result, replayed: isReplay }
    },
    async assignMoney({ id, provider, ref }, call) {
      return { payment: await app.assignMoney({ id: orderIdOf(id), provider, ref }, call) }
    },
    async listOrderPayments({ id }, call) {
      return { payments: await app.listOrderPayments(orderIdOf(id), call) }
    },
    async listPaymentsOfOrders({ orderIds }, call) {
      const { payments, unread } = await app.listPaymentsOfOrders(orderIdsOf(orderIds), call)
      return { payments: [...payments], unreadOrderIds: [...unread] }
    },
  } satisfies Partial<Handlers<typeof OrderService>>
}
