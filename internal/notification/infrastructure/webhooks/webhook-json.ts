import type { EndpointSchema, WebhookDeliverySchema } from '../../../gen/notification/v1/webhooks_pb.ts'
import type { Wire } from '../../../platform/wire.ts'
import type { Endpoint } from '../../domain/endpoint.ts'
import type { WebhookDelivery } from '../../domain/webhook-delivery.ts'

export const endpointJson = (endpoint: Endpoint): Wire<typeof EndpointSchema> => ({
  ...{ id: endpoint.id, url: endpoint.url, events: endpoint.events },
  ...{ isPaused: endpoint.pausedAt !== undefined, pausedAt: endpoint.pausedAt?.toISOString() ?? '' },
  pauseReason: endpoint.pauseReason,
  ...{ createdAt: endpoint.createdAt.toISOString(), updatedAt: endpoint.updatedAt.toISOString() },
})

export const webhookDeliveryJson = (delivery: WebhookDelivery): Wire<typeof WebhookDeliverySchema> => ({
  ...{ id: delivery.id, eventId: delivery.eventId, type: delivery.type, subject: delivery.aggregateId },
  ...{ status: delivery.status, attempts: delivery.attempts, failure: delivery.failure },
  ...{ occurredAt: delivery.occurredAt.toISOString(), nextAt: delivery.nextAt.toISOString() },
  updatedAt: delivery.updatedAt.toISOString(),
})
