import { Type } from 'typebox'
import type { PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import type { Call } from '../../platform/call.ts'
import { toMinor } from '../../platform/money.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes } from '../limits.ts'
import { IdParams, refTo, OrderTokenHeader } from '../schemas.ts'
import {
  CaptureBody,
  Payment,
  paymentBody,
  methodBody,
  MethodsQuery,
  PaymentMethods,
  Refund,
  refundBody,
  RefundBody,
} from './payment-schemas.ts'

export type PaymentDeps = {
  readonly payments: Handlers<typeof PaymentService>
  readonly currency: string
}

const forStaff = { access: 'staff', permission: 'payments:write' } as const

export function paymentRoutes(deps: PaymentDeps): readonly Endpoint[] {
  return [...reading(deps), ...moving(deps), refunding(deps)]
}

function reading({ payments, currency: usual }: PaymentDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/payment-methods',
      access: 'anyone',
      tag: 'payments',
      id: 'listPaymentMethods',
      summary: 'List the payment methods that the shop offers, or those by which an amount can be paid',
      query: MethodsQuery,
      status: 200,
      response: PaymentMethods,
      async handle({ query: { amount, currency = usual } }, call) {
        const wanted =
          amount === undefined ? {} : { amountMinor: String(toMinor(amount, currency)), currency }
        const { methods } = await payments.listPaymentMethods(wanted, call)
        return { body: { data: methods.map(methodBody) } }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/payments/:id',
      access: 'buyer',
      permission: 'payments:read',
      headers: OrderTokenHeader,
      tag: 'payments',
      id: 'getPayment',
      summary: "Show a payment of one's own order, or as an admin anybody's",
      params: IdParams,
      status: 200,
      response: refTo(Payment),
      handle: async ({ params }, call) => ({
        body: paymentBody((await payments.getPayment(params, call)).payment),
      }),
    }),
  ]
}

function moving({ payments }: PaymentDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/payments/:id/capture',
      ...forStaff,
      tag: 'payments',
      id: 'capturePayment',
      summary: 'Take authorized money, all or a part of it; the provider is asked after the answer',
      params: IdParams,
      takesIdempotencyKey: true,
      body: CaptureBody,
      isBodyOptional: true,
      status: 200,
      response: refTo(Payment),
      async handle({ params, body }, call) {
        const amountMinor = await minorOf(payments, params.id, body.amount, call)
        const { payment, replayed } = await payments.capturePayment({ ...params, amountMinor }, call)
        return { body: paymentBody(payment), isReplay: replayed }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/payments/:id/void',
      ...forStaff,
      tag: 'payments',
      id: 'voidPayment',
      summary: 'Give an authorization back; the provider is asked after the answer',
      params: IdParams,
      takesIdempotencyKey: true,
      body: Type.Object({}, { additionalProperties: false }),
      isBodyOptional: true,
      status: 200,
      response: refTo(Payment),
      async handle({ params }, call) {
        const { payment, replayed } = await payments.voidPayment(params, call)
        return { body: paymentBody(payment), isReplay: replayed }
      },
    }),
  ]
}

function refunding({ payments }: PaymentDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/payments/:id/refunds',
    ...forStaff,
    tag: 'payments',
    id: 'refundPayment',
    summary: 'Give money back: an amount, what lines come to, or all that is left',
    params: IdParams,
    takesIdempotencyKey: true,
    bodyBytes: bodyBytes.order,
    body: RefundBody,
    status: 201,
    response: refTo(Refund),
    async handle({ params, body }, call) {
      const { lines = [], reason } = body
      const amountMinor = await minorOf(payments, params.id, body.amount, call)
      const { refund, replayed } = await payments.refundPayment(
        { ...params, amountMinor, lines, reason },
        call,
      )
      return { body: refundBody(refund), isReplay: replayed }
    },
  })
}

/** In the payment's own currency, which need not be the shop's of today. */
async function minorOf(
  payments: PaymentDeps['payments'],
  id: string,
  amount: number | undefined,
  call: Call,
): Promise<string | undefined> {
  if (amount === undefined) return undefined
  const { payment } = await payments.getPayment({ id }, call)
  return String(toMinor(amount, payment.currency))
}
