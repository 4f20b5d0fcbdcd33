import type { NotificationService } from '../../../gen/notification/v1/notification_pb.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { Handlers } from '../../../platform/service.ts'
import { parseUuid } from '../../../platform/uuid.ts'
import {
  changeEndpointOf,
  createEndpoint,
  deleteEndpoint,
  getEndpoint,
  listEndpoints,
  type EndpointDeps,
} from '../../application/endpoints.ts'
import {
  listWebhookDeliveries,
  redeliverWebhook,
  replayWebhooks,
} from '../../application/webhook-deliveries.ts'
import type { EndpointId } from '../../domain/endpoint.ts'
import { webhookStatuses, type WebhookDeliveryId, type WebhookStatus } from '../../domain/webhook-delivery.ts'
import { endpointJson, webhookDeliveryJson } from './webhook-json.ts'

export type WebhookCalls = Pick<
  Handlers<typeof NotificationService>,
  | 'createEndpoint'
  | 'listEndpoints'
  | 'getEndpoint'
  | 'changeEndpoint'
  | 'deleteEndpoint'
  | 'listWebhookDeliveries'
  | 'redeliverWebhook'
  | 'replayWebhooks'
>

/** The calls about endpoints, and about what is sent to them. */
export const webhookRpc = (deps: EndpointDeps): WebhookCalls => ({
  ...endpointCalls(deps),
  ...deliveryCalls(deps),
})

function endpointCalls(deps: EndpointDeps) {
  const [create, list, get] = [createEndpoint(deps), listEndpoints(deps), getEndpoint(deps)]
  const [change, remove] = [changeEndpointOf(deps), deleteEndpoint(deps)]
  return {
    async createEndpoint({ url, events, secret }, call) {
      const { result, isReplay } = await create({ url, events, secret }, call)
      const [newest] = result.secrets
      const shown = isReplay ? '' : (newest?.secret ?? '')
      return { endpoint: endpointJson(result), secret: shown, replayed: isReplay }
    },
    listEndpoints: async (_request, call) => ({ endpoints: (await list(call)).map(endpointJson) }),
    getEndpoint: async ({ id }, call) => ({ endpoint: endpointJson(await get(idOf(id), call)) }),
    async changeEndpoint({ id, url, events, isPaused, rotateSecret }, call) {
      const wish = { url, isPaused, rotatesSecret: rotateSecret }
      const { endpoint, secret } = await change(
        idOf(id),
        { ...wish, events: events.length > 0 ? events : undefined },
        call,
      )
      return { endpoint: endpointJson(endpoint), secret: secret ?? '' }
    },
    async deleteEndpoint({ id }, call) {
      await remove(idOf(id), call)
      return {}
    },
  } satisfies Partial<WebhookCalls>
}

function deliveryCalls(deps: EndpointDeps) {
  const [list, redeliver, replay] = [
    listWebhookDeliveries(deps),
    redeliverWebhook(deps),
    replayWebhooks(deps),
  ]
  return {
    async listWebhookDeliveries({ endpointId, status, limit, afterId }, call) {
      const filter = {
        ...{ endpointId: idOf(endpointId), status: statusOf(status) },
        ...{ limit: Math.min(Math.max(1, limit), mostListed), after: placeOf(afterId) },
      }
      const { deliveries, next } = await list(filter, call)
      return { deliveries: deliveries.map(webhookDeliveryJson), nextId: next }
    },
    async redeliverWebhook({ endpointId, deliveryId }, call) {
      const id = parseUuid(deliveryId, 'webhook.invalid-id', "a delivery's id") as WebhookDeliveryId
      const { result, isReplay } = await redeliver(idOf(endpointId), id, call)
      return { delivery: webhookDeliveryJson(result), replayed: isReplay }
    },
    async replayWebhooks({ endpointId, from, to }, call) {
      const range = { from: timeOf(from), to: timeOf(to) }
      const { result, isReplay } = await replay(idOf(endpointId), range, call)
      return { count: result, replayed: isReplay }
    },
  } satisfies Partial<WebhookCalls>
}

const mostListed = 100

const idOf = (id: string): EndpointId => parseUuid(id, 'webhook.invalid-id', "an endpoint's id") as EndpointId

function placeOf(text: string | undefined): string | undefined {
  if (text === undefined || /^\d{1,18}$/.test(text)) return text
  throw new Refusal('invalid', 'webhook.invalid-filter', 'a place is a number')
}

function statusOf(text: string | undefined): WebhookStatus | undefined {
  const status = webhookStatuses.find((each) => each === text)
  if (text === undefined || status !== undefined) return status
  throw new Refusal('invalid', 'webhook.invalid-filter', `a status is ${webhookStatuses.join(' or ')}`)
}

function timeOf(text: string): Date {
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time
  throw new Refusal('invalid', 'webhook.invalid-range', 'from and to are times of RFC 3339')
}
