import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import type { PaymentSchema } from '../../gen/payment/v1/payment_pb.ts'
import { refuseCardNumber } from '../../platform/card-number.ts'
import { asEmail } from '../../platform/email.ts'
import { isoTime } from '../../platform/iso-time.ts'
import { parseAddress, type Address } from '../../platform/parse-address.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { checkout } from '../application/checkout.ts'
import type { Order } from '../domain/order.ts'
import type { PayingApp } from './paying-rpc.ts'
import { orderAnswer } from './order-answer.ts'

type Payment = Wire<typeof PaymentSchema>

export type CheckoutApp = Pick<PayingApp, 'listOrderPayments'> & {
  readonly checkout: ReturnType<typeof checkout>
  readonly reopenCart: (call: Parameters<ReturnType<typeof checkout>>[1]) => Promise<void>
}

export function checkoutRpc(app: CheckoutApp) {
  return {
    async checkout(request, call) {
      refuseCardNumber(request.paymentToken)
      const { order, isNew } = await app.checkout(
        {
          cartVersion: request.cartVersion,
          expectedTotal: Number(request.expectedTotal),
          email: emailOf(request.email),
          delivery: givenAddress(request.deliveryAddress),
          billing: givenAddress(request.billingAddress),
          shippingMethod: request.shippingMethod || undefined,
          ...{ method: request.paymentMethod, token: request.paymentToken },
          ...{ returnUrl: request.returnUrl, client: request.client },
        },
        call,
      )
      const payment = order.firstPayment
        ? [createdPayment(order, order.firstPayment)]
        : (
            await app.listOrderPayments(order.id, { ...call, actor: { kind: 'buyer', orderId: order.id } })
          ).slice(-1)
      return { order: orderAnswer(order), payment, replayed: !isNew }
    },
    async reopenCart(_request, call) {
      await app.reopenCart(call)
      return {}
    },
  } satisfies Partial<Handlers<typeof OrderService>>
}

/** Without a country there is none. */
const givenAddress = (address: Address): Address | undefined =>
  address.country === '' ? undefined : parseAddress(address)

function emailOf(text: string): string {
  const email = text === '' ? text : asEmail(text)
  if (email !== undefined) return email
  throw new Refusal('invalid', 'checkout.invalid-email', 'this is no e-mail address')
}

/** A payment that begins when stock is held. Nobody else knows of it yet. */
function createdPayment(order: Order, { id, method }: NonNullable<Order['firstPayment']>): Payment {
  const at = isoTime(order.createdAt)
  return {
    ...{
      id,
      orderId: order.id,
      status: 'created',
      method,
      currency: order.currency,
      userId: order.userId ?? '',
    },
    amountMinor: String(order.totalMinor),
    ...{ authorizedMinor: '0', capturedMinor: '0', refundedMinor: '0', actionUrl: '' },
    ...{ failureCode: '', failureMessage: '', createdAt: at, updatedAt: at, endsAt: '' },
  }
}
