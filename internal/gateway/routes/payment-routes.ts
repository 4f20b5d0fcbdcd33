import { Type } from 'typebox'
import type { PaymentService } from '../../gen/payment/v1/payment_pb.ts'
import type { Call } from '../../platform/call.ts'
import { toMinor } from '../../platform/money.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes, pageLength } from '../limits.ts'
import { IdParams, refTo, OrderTokenHeader } from '../schemas.ts'
import {
  CaptureBody,
  DeadWebhooks,
  Payment,
  paymentBody,
  methodBody,
  PaymentMethods,
  Refund,
  refundBody,
  RefundBody,
} from './payment-schemas.ts'

export type PaymentDeps = { readonly payments: Handlers<typeof PaymentService> }

const forStaff = { access: 'staff', permission: 'payments:write' } as const

export function paymentRoutes(deps: PaymentDeps): readonly Endpoint[] {
  return [...reading(deps), ...moving(deps), refunding(deps), webhook(deps), ...deadWebhooks(deps)]
}

function reading({ payments }: PaymentDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/payment-methods',
      access: 'anyone',
      tag: 'payments',
      id: 'listPaymentMethods',
      summary: 'List the payment methods that the shop offers',
      status: 200,
      response: PaymentMethods,
      async handle(_, call) {
        const { methods } = await payments.listPaymentMethods({}, call)
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

/** Providers repeat a message until its answer is 200, so it is given only when the message is stored. */
function webhook({ payments }: PaymentDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/webhooks/:provider',
    access: 'anyone',
    tag: 'payments',
    id: 'receiveWebhook',
    summary: 'Take a message of a payment provider, whose signature is checked over its bytes',
    params: Type.Object({ provider: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }) }),
    bodyBytes: bodyBytes.webhook,
    takesBytes: true,
    status: 200,
    response: Type.Object({}),
    async handle({ params, headers, body }, call) {
      const texts = Object.entries(headers as Readonly<Record<string, unknown>>).filter(
        ([, value]) => typeof value === 'string',
      )
      const bytes = Buffer.isBuffer(body) ? body.toString('base64') : ''
      await payments.receiveWebhook({ ...params, headers: Object.fromEntries(texts), body: bytes }, call)
      return { body: {} }
    },
  })
}

function deadWebhooks({ payments }: PaymentDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/provider-messages',
      access: 'staff',
      permission: 'payments:read',
      tag: 'admin',
      id: 'listDeadWebhooks',
      summary: 'List messages of payment providers that could not be handled, newest first',
      status: 200,
      response: DeadWebhooks,
      async handle(_, call) {
        const { webhooks } = await payments.listDeadWebhooks({ limit: pageLength.max }, call)
        return {
          body: {
            data: webhooks.map(({ eventId, ...rest }) => ({
              ...rest,
              ...(eventId === '' ? {} : { eventId }),
            })),
          },
        }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/admin/provider-messages/:id/requeue',
      ...forStaff,
      tag: 'admin',
      id: 'requeueWebhook',
      summary: 'Handle such a message once more',
      params: Type.Object({ id: Type.String({ pattern: '^[0-9]{1,18}$' }) }),
      takesIdempotencyKey: true,
      keepsOwnKeys: true,
      status: 204,
      response: Type.Null(),
      async handle({ params }, call) {
        await payments.requeueWebhook(params, call)
        return { body: null }
      },
    }),
  ]
}
