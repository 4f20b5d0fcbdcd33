import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import { parsePageLimit } from '../../platform/page-limit.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { cancelOrder, changeOrderStatus } from '../application/change-orders.ts'
import type { claimOrders } from '../application/claim-orders.ts'
import type { hasOpenOrders } from '../application/open-orders.ts'
import type { placeOrder } from '../application/place-order.ts'
import type { getOrder, listOrders } from '../application/read-orders.ts'
import {
  fulfilmentStatuses,
  orderStatuses,
  orderFlags,
  paymentStatuses,
  returnStatuses,
  type OrderId,
  type OrderStatus,
  type ProductId,
  type UserId,
} from '../domain/order.ts'
import { fulfilmentRpc, oneOf, type FulfilmentApp } from './fulfilment-rpc.ts'
import { orderAnswer, pageAnswer } from './order-answer.ts'
import { payingRpc, type PayingApp } from './paying-rpc.ts'
import { checkoutRpc, type CheckoutApp } from './checkout-rpc.ts'
import { receiptRpc, type ReceiptApp } from './receipt-rpc.ts'

export type OrderApp = FulfilmentApp &
  PayingApp &
  CheckoutApp &
  ReceiptApp & {
    readonly placeOrder: ReturnType<typeof placeOrder>
    readonly getOrder: ReturnType<typeof getOrder>
    readonly listOrders: ReturnType<typeof listOrders>
    readonly hasOpenOrders: ReturnType<typeof hasOpenOrders>
    readonly claimOrders: ReturnType<typeof claimOrders>
    readonly cancelOrder: ReturnType<typeof cancelOrder>
    readonly changeOrderStatus: ReturnType<typeof changeOrderStatus>
  }

/** Each method of the contract parses the request, runs a use case and encodes the answer. */
export function orderRpc(app: OrderApp): Handlers<typeof OrderService> {
  return {
    ...fulfilmentRpc(app),
    ...payingRpc(app),
    ...checkoutRpc(app),
    ...receiptRpc(app),
    async placeOrder({ items, idempotencyKey }, call) {
      const wanted = items.map((item) => ({
        productId: productIdOf(item.productId),
        quantity: item.quantity,
      }))
      const { order, isNew } = await app.placeOrder(
        { items: wanted, idempotencyKey: idempotencyKey || undefined },
        call,
      )
      return { order: orderAnswer(order), replayed: !isNew }
    },
    getOrder: async ({ id }, call) => ({ order: orderAnswer(await app.getOrder(orderIdOf(id), call)) }),
    async listOrders(request, call) {
      const { userId, status, fulfilmentStatus, returnStatus, paymentStatus, limit, afterId } = request
      const { from, to, email, holdEndsBefore } = request
      const filter = {
        userId: userId === undefined ? undefined : userIdOf(userId),
        status: status === undefined ? undefined : statusOf(status),
        fulfilmentStatus:
          fulfilmentStatus === undefined ? undefined : oneOf(fulfilmentStatuses, fulfilmentStatus, 'order'),
        returnStatus: returnStatus === undefined ? undefined : oneOf(returnStatuses, returnStatus, 'order'),
        flag: request.flag === undefined ? undefined : oneOf(orderFlags, request.flag, 'order'),
        paymentStatus:
          paymentStatus === undefined ? undefined : oneOf(paymentStatuses, paymentStatus, 'order'),
        ...{ from: timeOf(from), to: timeOf(to), email, holdEndsBefore: timeOf(holdEndsBefore) },
        after: afterId === undefined ? undefined : orderIdOf(afterId),
        limit: parsePageLimit(limit),
      }
      return pageAnswer(await app.listOrders(filter, call))
    },
    hasOpenOrders: async ({ userId }, call) => ({ open: await app.hasOpenOrders(userIdOf(userId), call) }),
    claimOrders: async ({ email }, call) => ({ claimed: await app.claimOrders(email, call) }),
    async cancelOrder({ id, reason, refund = 'full' }, call) {
      const input = { id: orderIdOf(id), reason, refund: oneOf(['full', 'none'] as const, refund, 'order') }
      const { result, isReplay } = await app.cancelOrder(input, call)
      return { order: orderAnswer(result), replayed: isReplay }
    },
    async changeOrderStatus({ id, status, reason, reference }, call) {
      const input = { id: orderIdOf(id), status: statusOf(status), reason, reference }
      return { order: orderAnswer(await app.changeOrderStatus(input, call)) }
    },
  }
}

const orderIdOf = (id: string): OrderId => parseUuid(id, 'order.invalid-id', "an order's id") as OrderId
const userIdOf = (id: string): UserId => parseUuid(id, 'user.invalid-id', "a user's id") as UserId
const productIdOf = (id: string): ProductId =>
  parseUuid(id, 'product.invalid-id', "a product's id") as ProductId

const statusOf = (text: string): OrderStatus => oneOf(orderStatuses, text, 'order')

function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw new Refusal('invalid', 'order.invalid-time', 'a time is RFC 3339')
  return at
}
