import { requirePermission, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { EndpointId } from '../domain/endpoint.ts'
import type { WebhookDelivery, WebhookDeliveryId } from '../domain/webhook-delivery.ts'
import { askedBy, found, type EndpointDeps } from './endpoints.ts'
import type { TimeRange, WebhookFilter, WebhookPage } from './webhook-ports.ts'

type Deps = Pick<EndpointDeps, 'endpoints' | 'webhooks' | 'now' | 'wake'>

export function listWebhookDeliveries({ endpoints, webhooks }: Deps) {
  return async (filter: WebhookFilter, call: Call): Promise<WebhookPage> => {
    requirePermission(call, 'webhooks:read')
    found(await endpoints.find(filter.endpointId))
    return webhooks.page(filter)
  }
}

/** One event once more, whatever became of it. */
export function redeliverWebhook({ endpoints, webhooks, now, wake }: Deps) {
  return async (
    endpointId: EndpointId,
    id: WebhookDeliveryId,
    call: Call,
  ): Promise<Done<WebhookDelivery>> => {
    requirePermission(call, 'webhooks:write')
    const repeated = async (): Promise<WebhookDelivery | undefined> => webhooks.find(id)
    const done = await doOnce(
      call.once,
      async (once) => ((await endpoints.findByRequest(once)) ? repeated() : undefined),
      async () => {
        found(await endpoints.find(endpointId))
        const asked = askedBy(call, 'webhook.redelivered', endpointId, {}, { deliveryId: id })
        const queued = await webhooks.redeliver(endpointId, id, now(), asked)
        if (queued) return queued
        throw new Refusal('not-found', 'webhook.delivery-not-found', 'there is no such delivery')
      },
    )
    wake()
    return done
  }
}

/** What happened from one time to another, once more and in its order. A repeated request counts nothing. */
export function replayWebhooks({ endpoints, webhooks, now, wake }: Deps) {
  return async (endpointId: EndpointId, range: TimeRange, call: Call): Promise<Done<number>> => {
    requirePermission(call, 'webhooks:write')
    if (range.from >= range.to)
      throw new Refusal('invalid', 'webhook.invalid-range', 'from must be before to')
    const done = await doOnce(
      call.once,
      async (once) => ((await endpoints.findByRequest(once)) ? 0 : undefined),
      async () => {
        found(await endpoints.find(endpointId))
        const facts = { from: range.from.toISOString(), to: range.to.toISOString() }
        return webhooks.replay(
          endpointId,
          range,
          now(),
          askedBy(call, 'webhook.replayed', endpointId, {}, facts),
        )
      },
    )
    wake()
    return done
  }
}
