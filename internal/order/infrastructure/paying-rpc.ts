import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import type { PaymentSchema } from '../../gen/payment/v1/payment_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Wire } from '../../platform/wire.ts'
import type { assignMoney, listOrderPayments, payOrder } from '../application/pay-orders.ts'
import type { OrderId } from '../domain/order.ts'

type Payment = Wire<typeof PaymentSchema>

export type PayingApp = {
  readonly payOrder: ReturnType<typeof payOrder<Payment>>
  readonly listOrderPayments: ReturnType<typeof listOrderPayments<Payment>>
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
  } satisfies Partial<Handlers<typeof OrderService>>
}

const orderIdOf = (id: string): OrderId => parseUuid(id, 'order.invalid-id', "an order's id") as OrderId
