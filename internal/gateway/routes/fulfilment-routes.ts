import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes } from '../limits.ts'
import { IdParams, refTo, OrderTokenHeader } from '../schemas.ts'
import {
  ChangeReturnBody,
  ChangeShipmentBody,
  CreateShipmentBody,
  RequestReturnBody,
  ResendShipmentBody,
  Return,
  returnBody,
  ReturnList,
  Shipment,
  shipmentBody,
  Tracking,
} from './fulfilment-schemas.ts'
import type { OrderDeps } from './order-routes.ts'

export function fulfilmentRoutes(deps: OrderDeps): readonly Endpoint[] {
  return [...shipping(deps), resending(deps), tracking(deps), ...returning(deps), changingReturns(deps)]
}

const tag = 'fulfilment'

function shipping({ orders }: OrderDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/orders/:id/shipments',
      access: 'staff',
      permission: 'orders:write',
      tag,
      id: 'createShipment',
      admission: 'orders',
      summary: 'Send units of an order off, or only pack them; packed units can not be canceled',
      params: IdParams,
      takesIdempotencyKey: true,
      bodyBytes: bodyBytes.order,
      body: CreateShipmentBody,
      status: 201,
      response: refTo(Shipment),
      async handle({ params, body }, call) {
        const { lines, carrier, trackingNumber = '', trackingUrl = '', status = 'shipped' } = body
        const { shipment, replayed } = await orders.createShipment(
          {
            orderId: params.id,
            lines: lines.map(({ short = false, ...line }) => ({ ...line, short })),
            ...{ carrier, trackingNumber, trackingUrl, status },
          },
          call,
        )
        return { body: shipmentBody(shipment), isReplay: replayed }
      },
    }),
    endpoint({
      method: 'PATCH',
      path: '/shipments/:id',
      access: 'staff',
      permission: 'orders:write',
      tag,
      id: 'changeShipment',
      admission: 'orders',
      summary: 'Say what has become of a shipment',
      params: IdParams,
      body: ChangeShipmentBody,
      status: 200,
      response: refTo(Shipment),
      async handle({ params, body }, call) {
        const { shipment } = await orders.changeShipment({ id: params.id, status: body.status }, call)
        return { body: shipmentBody(shipment) }
      },
    }),
  ]
}

function resending({ orders }: OrderDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/shipments/:id/resend',
    access: 'staff',
    permission: 'orders:write',
    tag,
    id: 'resendShipment',
    admission: 'orders',
    summary: 'Send a shipment again that was lost or came back; the answer is the new one',
    params: IdParams,
    takesIdempotencyKey: true,
    body: ResendShipmentBody,
    status: 201,
    response: refTo(Shipment),
    async handle({ params, body }, call) {
      const { carrier, trackingNumber = '', trackingUrl = '', fromStock = false } = body
      const { shipment, replayed } = await orders.resendShipment(
        { id: params.id, carrier, trackingNumber, trackingUrl, fromStock },
        call,
      )
      return { body: shipmentBody(shipment), isReplay: replayed }
    },
  })
}

function tracking({ orders }: OrderDeps): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/orders/:id/tracking',
    access: 'buyer',
    permission: 'orders:read',
    headers: OrderTokenHeader,
    tag,
    id: 'trackOrder',
    summary: "Show where one's order is, and all that has happened to it",
    params: IdParams,
    status: 200,
    response: refTo(Tracking),
    async handle({ params }, call) {
      const tracked = await orders.trackOrder({ orderId: params.id }, call)
      const { orderId, fulfilmentStatus, shipments } = tracked
      const timeline = tracked.timeline.map(({ at, what, detail }) =>
        detail ? { at, what, detail } : { at, what },
      )
      return { body: { orderId, fulfilmentStatus, shipments: shipments.map(shipmentBody), timeline } }
    },
  })
}

function returning({ orders }: OrderDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/orders/:id/returns',
      access: 'buyer',
      permission: 'orders:write',
      headers: OrderTokenHeader,
      tag,
      id: 'requestReturn',
      admission: 'orders',
      summary: 'Ask to send goods back that were shipped',
      params: IdParams,
      takesIdempotencyKey: true,
      bodyBytes: bodyBytes.order,
      body: RequestReturnBody,
      status: 201,
      response: refTo(Return),
      async handle({ params, body }, call) {
        const lines = body.lines.map(({ reason = '', ...line }) => ({ ...line, reason }))
        const answer = await orders.requestReturn(
          { orderId: params.id, lines, withdrawal: body.withdrawal ?? false },
          call,
        )
        return { body: returnBody(answer.return), isReplay: answer.replayed }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/orders/:id/returns',
      access: 'buyer',
      permission: 'orders:read',
      headers: OrderTokenHeader,
      tag,
      id: 'listReturns',
      summary: "Show the returns of one's order, oldest first",
      params: IdParams,
      status: 200,
      response: ReturnList,
      async handle({ params }, call) {
        const { returns } = await orders.listReturns({ orderId: params.id }, call)
        return { body: { data: returns.map(returnBody) } }
      },
    }),
  ]
}

function changingReturns({ orders }: OrderDeps): Endpoint {
  return endpoint({
    method: 'PATCH',
    path: '/returns/:id',
    access: 'staff',
    permission: 'orders:write',
    tag,
    id: 'changeReturn',
    admission: 'orders',
    summary: 'Say what becomes of a return; received goods go back into the stock or are written off',
    params: IdParams,
    bodyBytes: bodyBytes.order,
    body: ChangeReturnBody,
    status: 200,
    response: refTo(Return),
    async handle({ params, body }, call) {
      const request = { id: params.id, status: body.status, lines: body.lines ?? [] }
      return { body: returnBody((await orders.changeReturn(request, call)).return) }
    },
  })
}
