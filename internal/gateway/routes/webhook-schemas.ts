import { Type, type Static } from 'typebox'
import type { EndpointSchema, WebhookDeliverySchema } from '../../gen/notification/v1/webhooks_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import { named, pageQuery, Time, Uuid } from '../schemas.ts'

const Url = Type.String({ maxLength: 2_000, description: 'https, at a public address' })
const Events = Type.Array(Type.String({ maxLength: 80 }), {
  minItems: 1,
  maxItems: 50,
  description:
    'Subjects of events, families such as order.*, or * for all that are not about people and staff',
})

const webhook = {
  id: Uuid,
  url: Type.String(),
  events: Type.Array(Type.String()),
  isPaused: Type.Boolean(),
  pausedAt: Type.Optional(Time),
  pauseReason: Type.Optional(
    Type.String({ description: 'staff, or what its failing ended with, such as http-410' }),
  ),
  createdAt: Time,
  updatedAt: Time,
}

export const WebhookEndpoint = named('Webhook', Type.Object(webhook))

export const WebhookWithSecret = named(
  'WebhookWithSecret',
  Type.Object({
    ...webhook,
    secret: Type.Optional(Type.String({ description: 'whsec_…: what signs. It is shown once' })),
  }),
)

export const WebhookList = Type.Object({ data: Type.Array(WebhookEndpoint) })

export const NewWebhookBody = Type.Object(
  {
    url: Url,
    events: Events,
    secret: Type.Optional(
      Type.String({
        maxLength: 100,
        description: 'whsec_ and 24 to 64 bytes in base64. Without it one is made',
      }),
    ),
  },
  { additionalProperties: false },
)

export const WebhookChangeBody = Type.Object(
  {
    url: Type.Optional(Url),
    events: Type.Optional(Events),
    isPaused: Type.Optional(Type.Boolean()),
    rotateSecret: Type.Optional(
      Type.Boolean({ description: 'Makes a new secret; the one before signs too for a day' }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const WebhookDelivery = named(
  'WebhookDelivery',
  Type.Object({
    id: Uuid,
    eventId: { ...Uuid, description: 'The webhook-id' },
    type: Type.String({ description: 'Such as order.created' }),
    subject: Type.String({ description: 'Events of one subject come one after the other' }),
    status: Type.Enum(['queued', 'delivered']),
    attempts: Type.Integer(),
    failure: Type.Optional(Type.String({ description: 'Such as http-500' })),
    occurredAt: Time,
    nextAt: Type.Optional(Time),
    updatedAt: Time,
  }),
)

export const WebhookDeliveriesQuery = Type.Object(
  { status: Type.Optional(Type.Enum(['queued', 'delivered'])), ...pageQuery },
  { additionalProperties: false },
)

export const DeliveryParams = Type.Object({ id: Uuid, deliveryId: Uuid })

export const ReplayBody = Type.Object({ from: Time, to: Time }, { additionalProperties: false })
export const Replayed = Type.Object({ count: Type.Integer({ description: 'How many are sent again' }) })

export function webhookBody(endpoint: Wire<typeof EndpointSchema>): Static<typeof WebhookEndpoint> {
  const { id, url, events, isPaused, pausedAt, pauseReason, createdAt, updatedAt } = endpoint
  return {
    ...{ id, url, events: [...events], isPaused },
    ...(isPaused ? { pausedAt, pauseReason } : {}),
    ...{ createdAt, updatedAt },
  }
}

export function webhookDeliveryBody(
  delivery: Wire<typeof WebhookDeliverySchema>,
): Static<typeof WebhookDelivery> {
  const { id, eventId, type, subject, attempts, failure, occurredAt, nextAt, updatedAt } = delivery
  const isDelivered = delivery.status === 'delivered'
  return {
    ...{ id, eventId, type, subject, status: isDelivered ? 'delivered' : 'queued', attempts },
    ...(failure === '' ? {} : { failure }),
    occurredAt,
    ...(isDelivered ? {} : { nextAt }),
    updatedAt,
  }
}
