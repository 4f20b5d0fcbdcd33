import { Type } from 'typebox'
import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { checkReturnUrl } from '../return-url.ts'
import { IdParams, refTo, OrderTokenHeader } from '../schemas.ts'
import { PayBody, Payment, paymentBody } from './payment-schemas.ts'

export type PayingDeps = {
  readonly orders: Pick<Handlers<typeof OrderService>, 'payOrder' | 'listOrderPayments'>
  /** Where customers may be sent back to; empty: to the gateway's own origin. */
  readonly returnOrigins: readonly string[]
  /** Of an address, so that none is stored. */
  readonly digest: (text: string) => string
}

export function payingRoutes({ orders, returnOrigins, digest }: PayingDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/orders/:id/payments',
      access: 'buyer',
      permission: 'orders:write',
      headers: OrderTokenHeader,
      tag: 'payments',
      id: 'payOrder',
      summary:
        'Begin a payment of what the order still owes, or get the open one; the provider is asked after the answer',
      params: IdParams,
      takesIdempotencyKey: true,
      usesAsker: true,
      body: PayBody,
      status: 201,
      response: refTo(Payment),
      async handle({ params, body, asker }, call) {
        const { paymentMethod, paymentToken = '', returnUrl } = body
        const wanted = {
          ...{ id: params.id, method: paymentMethod, token: paymentToken },
          returnUrl:
            returnUrl === undefined ? '' : checkReturnUrl(returnUrl, asker?.origin ?? '', returnOrigins),
          client: asker ? digest(asker.address) : '',
        }
        const { payment, replayed } = await orders.payOrder(wanted, call)
        const headers = { location: `/payments/${payment.id}` }
        return { body: paymentBody(payment), isReplay: replayed, headers }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/orders/:id/payments',
      access: 'buyer',
      permission: 'payments:read',
      headers: OrderTokenHeader,
      tag: 'payments',
      id: 'listOrderPayments',
      summary: "List the payments of one's own order, or as an admin of anybody's, oldest first",
      params: IdParams,
      status: 200,
      response: Type.Object({ data: Type.Array(refTo(Payment)) }),
      async handle({ params }, call) {
        const { payments } = await orders.listOrderPayments(params, call)
        return { body: { data: payments.map(paymentBody) } }
      },
    }),
  ]
}
