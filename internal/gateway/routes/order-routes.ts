import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import { seesAll, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Cursors } from '../cursor.ts'
import type { Decisions } from '../decisions.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes, pageLength } from '../limits.ts'
import { preferredWaitMs } from '../prefer.ts'
import { IdParams, pageOf, refTo, OrderTokenHeader } from '../schemas.ts'
import { orderPages } from './order-page.ts'
import {
  ClaimedOrders,
  CancelOrderBody,
  ChangeOrderBody,
  ListOrdersQuery,
  Order,
  orderBody,
  PlaceOrderBody,
  PreferHeader,
} from './order-schemas.ts'

export type OrderDeps = {
  readonly orders: Handlers<typeof OrderService>
  readonly users: Pick<Handlers<typeof UserService>, 'getUser'>
  readonly cursors: Cursors
  readonly decisions: Decisions
}

export function orderRoutes(deps: OrderDeps): readonly Endpoint[] {
  return [placing(deps), claiming(deps), ...reading(deps), ...changing(deps)]
}

function placing({ orders, decisions }: OrderDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/orders',
    access: 'customer',
    tag: 'orders',
    id: 'placeOrder',
    admission: 'orders',
    summary:
      'Place an order; its stock is decided shortly after the answer, or before it with Prefer: wait=N',
    takesIdempotencyKey: true,
    keepsOwnKeys: true,
    headers: PreferHeader,
    bodyBytes: bodyBytes.order,
    body: PlaceOrderBody,
    status: 201,
    response: refTo(Order),
    async handle({ headers, body, idempotencyKey }, call) {
      const { order, replayed } = await orders.placeOrder({ items: body.items, idempotencyKey }, call)
      const waitMs = preferredWaitMs(headers.prefer)
      const read = async () => (await orders.getOrder({ id: order.id }, call)).order
      const settled = waitMs === undefined ? order : await decisions.settled(order, waitMs, read)
      return {
        body: orderBody(settled),
        isReplay: replayed,
        headers: {
          location: `/orders/${order.id}`,
          ...(waitMs === undefined ? {} : { 'preference-applied': 'wait' }),
        },
      }
    },
  })
}

function claiming({ orders, users }: OrderDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/orders/claim',
    access: 'customer',
    tag: 'orders',
    id: 'claimOrders',
    admission: 'orders',
    summary:
      "Take over what one has bought as a guest with the account's e-mail address, which has to be verified",
    status: 200,
    response: ClaimedOrders,
    async handle(_input, call, identity) {
      const { email, emailVerified } = (await users.getUser({ id: identity?.userId ?? '' }, call)).user
      if (!emailVerified)
        throw new Refusal('conflict', 'user.email-unverified', 'verify your e-mail address first')
      return { body: await orders.claimOrders({ email }, call) }
    },
  })
}

function reading({ orders, cursors }: OrderDeps): readonly Endpoint[] {
  const written = orderPages(cursors)
  return [
    endpoint({
      method: 'GET',
      path: '/orders',
      access: 'customer',
      permission: 'orders:read',
      tag: 'orders',
      id: 'listOrders',
      summary: "List one's own orders, or as an admin everybody's, newest first",
      query: ListOrdersQuery,
      status: 200,
      response: pageOf(Order),
      async handle({ query }, call) {
        const userId = whose(query.userId, call)
        const { status, paymentStatus, fulfilmentStatus, returnStatus, flag } = query
        const { from, to, email, holdEndsBefore } = query
        // Cursors of earlier versions know no other filters.
        const others = [fulfilmentStatus, returnStatus, paymentStatus, from, to, email]
        const list = [
          'orders',
          userId,
          status,
          ...(others.some((filter) => filter !== undefined) ? others : []),
          ...(holdEndsBefore === undefined ? [] : [holdEndsBefore]),
          ...(flag === undefined ? [] : ['flag', flag]),
        ]
        const [afterId] = cursors.read(list, query.cursor) ?? []
        const limit = query.limit ?? pageLength.default
        const statuses = { status, paymentStatus, fulfilmentStatus, returnStatus, flag }
        const request = { userId, ...statuses, from, to, email, holdEndsBefore, limit, afterId }
        const page = await orders.listOrders(request, call)
        return { json: written(page, list) }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/orders/:id',
      access: 'buyer',
      permission: 'orders:read',
      headers: OrderTokenHeader,
      tag: 'orders',
      id: 'getOrder',
      summary: "Show one of one's own orders, or as an admin anybody's",
      params: IdParams,
      status: 200,
      response: refTo(Order),
      handle: async ({ params }, call) => ({ body: orderBody((await orders.getOrder(params, call)).order) }),
    }),
  ]
}

function changing({ orders }: OrderDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/orders/:id/cancel',
      access: 'buyer',
      permission: 'orders:write',
      headers: OrderTokenHeader,
      tag: 'orders',
      id: 'cancelOrder',
      admission: 'orders',
      summary: 'Cancel an order that has not been shipped; its stock is released',
      params: IdParams,
      takesIdempotencyKey: true,
      body: CancelOrderBody,
      isBodyOptional: true,
      status: 200,
      response: refTo(Order),
      async handle({ params, body }, call) {
        const request = { ...params, reason: body.reason ?? '', refund: body.refund }
        const { order, replayed } = await orders.cancelOrder(request, call)
        return { body: orderBody(order), isReplay: replayed }
      },
    }),
    endpoint({
      method: 'PATCH',
      path: '/orders/:id',
      access: 'staff',
      permission: 'orders:write',
      tag: 'orders',
      id: 'changeOrderStatus',
      admission: 'orders',
      summary:
        'Ship all that is left of an order, complete or cancel it, or record that it was paid at the bank',
      params: IdParams,
      body: ChangeOrderBody,
      status: 200,
      response: refTo(Order),
      async handle({ params, body }, call) {
        const { status, reason = '', reference = '' } = body
        const request = { ...params, status, reason, reference }
        return { body: orderBody((await orders.changeOrderStatus(request, call)).order) }
      },
    }),
  ]
}

/** Returns undefined for everybody's orders. */
function whose(wanted: string | undefined, call: Call): string | undefined {
  if (seesAll(call, 'orders:read')) return wanted?.toLowerCase()
  const own = call.actor?.kind === 'user' ? call.actor.userId : undefined
  if (wanted !== undefined && wanted.toLowerCase() !== own)
    throw new Refusal('forbidden', 'auth.forbidden', "other people's orders are for admins only")
  return own
}
