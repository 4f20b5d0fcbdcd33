import { Type } from 'typebox'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { pageLength } from '../limits.ts'
import { IdParams, pageOf, refTo } from '../schemas.ts'
import type { NotificationDeps } from './notification-routes.ts'
import {
  DeliveryParams,
  NewWebhookBody,
  ReplayBody,
  Replayed,
  webhookBody,
  WebhookChangeBody,
  WebhookDeliveriesQuery,
  WebhookDelivery,
  webhookDeliveryBody,
  WebhookEndpoint,
  WebhookList,
  WebhookWithSecret,
} from './webhook-schemas.ts'

const reading = { access: 'staff', permission: 'webhooks:read', tag: 'admin' } as const
const writing = { access: 'staff', permission: 'webhooks:write', tag: 'admin' } as const

/** Where events are sent to, signed. */
export function webhookRoutes(deps: NotificationDeps): readonly Endpoint[] {
  return [...shown(deps), ...changed(deps), ...delivered(deps), ...sentAgain(deps)]
}

function shown({ notifications }: NotificationDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/webhooks',
      ...reading,
      id: 'listWebhooks',
      summary: 'List where events are sent, newest first',
      status: 200,
      response: WebhookList,
      async handle(_input, call) {
        const { endpoints } = await notifications.listEndpoints({}, call)
        return { body: { data: endpoints.map(webhookBody) } }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/admin/webhooks/:id',
      ...reading,
      id: 'getWebhook',
      summary: 'Show one of them',
      params: IdParams,
      status: 200,
      response: refTo(WebhookEndpoint),
      handle: async ({ params }, call) => ({
        body: webhookBody((await notifications.getEndpoint(params, call)).endpoint),
      }),
    }),
  ]
}

function changed({ notifications }: NotificationDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/admin/webhooks',
      ...writing,
      id: 'createWebhook',
      summary: 'Send events to an address from now on. The answer shows the secret that signs them, once',
      takesIdempotencyKey: true,
      body: NewWebhookBody,
      status: 201,
      response: refTo(WebhookWithSecret),
      async handle({ body }, call) {
        const { endpoint: made, secret, replayed } = await notifications.createEndpoint(body, call)
        return { body: { ...webhookBody(made), ...secretIn(secret) }, isReplay: replayed }
      },
    }),
    endpoint({
      method: 'PATCH',
      path: '/admin/webhooks/:id',
      ...writing,
      id: 'changeWebhook',
      summary:
        'Change its address or its events, pause or resume it, or give it a new secret, which is shown once',
      params: IdParams,
      body: WebhookChangeBody,
      status: 200,
      response: refTo(WebhookWithSecret),
      async handle({ params, body }, call) {
        const { url, events = [], isPaused, rotateSecret = false } = body
        const request = { ...params, url, events, isPaused, rotateSecret }
        const { endpoint: made, secret } = await notifications.changeEndpoint(request, call)
        return { body: { ...webhookBody(made), ...secretIn(secret) } }
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/admin/webhooks/:id',
      ...writing,
      id: 'deleteWebhook',
      summary: 'Send nothing more there, not even what waits',
      params: IdParams,
      status: 204,
      response: Type.Null(),
      async handle({ params }, call) {
        await notifications.deleteEndpoint(params, call)
        return { body: null }
      },
    }),
  ]
}

const secretIn = (secret: string): { readonly secret?: string } => (secret === '' ? {} : { secret })

function delivered({ notifications, cursors }: NotificationDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/webhooks/:id/deliveries',
      ...reading,
      id: 'listWebhookDeliveries',
      summary: 'List what was sent there, or waits to be, newest first; it is kept for 30 days',
      params: IdParams,
      query: WebhookDeliveriesQuery,
      status: 200,
      response: pageOf(WebhookDelivery),
      async handle({ params: { id }, query }, call) {
        const { status } = query
        const list = ['webhook-deliveries', id, status]
        const [afterId] = cursors.read(list, query.cursor) ?? []
        const request = { endpointId: id, status, limit: query.limit ?? pageLength.default, afterId }
        const { deliveries, nextId } = await notifications.listWebhookDeliveries(request, call)
        const nextCursor = cursors.write(list, nextId === undefined ? undefined : [nextId])
        return { body: { data: deliveries.map(webhookDeliveryBody), nextCursor } }
      },
    }),
  ]
}

function sentAgain({ notifications }: NotificationDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/admin/webhooks/:id/deliveries/:deliveryId/redeliver',
      ...writing,
      id: 'redeliverWebhook',
      summary: 'Send one event there again, whatever became of it',
      params: DeliveryParams,
      takesIdempotencyKey: true,
      status: 200,
      response: refTo(WebhookDelivery),
      async handle({ params: { id, deliveryId } }, call) {
        const request = { endpointId: id, deliveryId }
        const { delivery, replayed } = await notifications.redeliverWebhook(request, call)
        return { body: webhookDeliveryBody(delivery), isReplay: replayed }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/admin/webhooks/:id/replay',
      ...writing,
      id: 'replayWebhooks',
      summary: 'Send there again, in order, what happened from one time to before another',
      params: IdParams,
      takesIdempotencyKey: true,
      body: ReplayBody,
      status: 202,
      response: Replayed,
      async handle({ params: { id }, body }, call) {
        const { count, replayed } = await notifications.replayWebhooks({ endpointId: id, ...body }, call)
        return { body: { count }, isReplay: replayed }
      },
    }),
  ]
}
