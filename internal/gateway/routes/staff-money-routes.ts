import { Type } from 'typebox'
import type { Cursors } from '../cursor.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { pageLength } from '../limits.ts'
import { IdParams, pageOf, refTo } from '../schemas.ts'
import type { OrderDeps } from './order-routes.ts'
import type { PaymentDeps } from './payment-routes.ts'
import { Payment, paymentBody, Refund, refundBody } from './payment-schemas.ts'
import {
  AssignSuspenseBody,
  ListRefundsQuery,
  ResolveSuspenseBody,
  SettleRefundBody,
  Suspense,
  suspenseBody,
} from './staff-money-schemas.ts'

type StaffMoneyDeps = PaymentDeps & Pick<OrderDeps, 'orders'> & { readonly cursors: Cursors }

/** Money that no provider ends by itself: staff look it through and decide. */
export function staffMoneyRoutes(deps: StaffMoneyDeps): readonly Endpoint[] {
  return [listing(deps), ...ending(deps), ...suspense(deps)]
}

const tag = 'admin'

function listing({ payments, cursors }: StaffMoneyDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/admin/refunds',
    access: 'staff',
    permission: 'payments:read',
    tag,
    id: 'listRefunds',
    summary: 'List refunds that are not over, oldest first; some of them wait for staff',
    query: ListRefundsQuery,
    status: 200,
    response: pageOf(Refund),
    async handle({ query }, call) {
      const { status } = query
      const list = ['refunds', status]
      const [afterId] = cursors.read(list, query.cursor) ?? []
      const limit = query.limit ?? pageLength.default
      const { refunds, nextId } = await payments.listRefunds({ status, limit, afterId }, call)
      const nextCursor = cursors.write(list, nextId === undefined ? undefined : [nextId])
      return { body: { data: refunds.map(refundBody), nextCursor } }
    },
  })
}

function ending({ payments }: StaffMoneyDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/refunds/:id/settle',
      access: 'staff',
      permission: 'payments:write',
      tag: 'payments',
      id: 'settleRefund',
      summary:
        'Say that a refund was paid back at the bank: one that has failed, or of money that came there',
      params: IdParams,
      takesIdempotencyKey: true,
      body: SettleRefundBody,
      status: 200,
      response: refTo(Refund),
      async handle({ params, body }, call) {
        const { refund } = await payments.settleRefund({ ...params, ...body }, call)
        return { body: refundBody(refund) }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/refunds/:id/repeat',
      access: 'staff',
      permission: 'payments:write',
      tag: 'payments',
      id: 'repeatRefund',
      summary: 'Ask the provider once more for a refund that has failed',
      params: IdParams,
      takesIdempotencyKey: true,
      body: Type.Object({}, { additionalProperties: false }),
      isBodyOptional: true,
      status: 200,
      response: refTo(Refund),
      async handle({ params }, call) {
        const { refund, replayed } = await payments.repeatRefund(params, call)
        return { body: refundBody(refund), isReplay: replayed }
      },
    }),
  ]
}

function suspense({ payments, orders }: StaffMoneyDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/suspense',
      access: 'staff',
      permission: 'payments:read',
      tag,
      id: 'listSuspense',
      summary: 'List money at providers that belongs to no payment of the shop, oldest first',
      status: 200,
      response: Suspense,
      async handle(_, call) {
        const { money } = await payments.listSuspense({ limit: pageLength.max }, call)
        return { body: suspenseBody(money) }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/admin/suspense/assign',
      access: 'staff',
      permission: 'payments:write',
      tag,
      id: 'assignSuspense',
      summary: 'Say which order such money belongs to; what the order does not owe goes back',
      takesIdempotencyKey: true,
      body: AssignSuspenseBody,
      status: 200,
      response: refTo(Payment),
      async handle({ body: { orderId: id, ...money } }, call) {
        return { body: paymentBody((await orders.assignMoney({ id, ...money }, call)).payment) }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/admin/suspense/give-back',
      access: 'staff',
      permission: 'payments:write',
      tag,
      id: 'resolveSuspense',
      summary: 'Say that such money was given back at the provider or at the bank',
      takesIdempotencyKey: true,
      body: ResolveSuspenseBody,
      status: 204,
      response: Type.Null(),
      async handle({ body }, call) {
        await payments.resolveSuspense(body, call)
        return { body: null }
      },
    }),
  ]
}
