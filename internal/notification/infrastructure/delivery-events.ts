import {
  NotificationFailedSchema,
  NotificationSentSchema,
  NotificationUnknownSchema,
} from '../../gen/notification/v1/events_pb.ts'
import { eventType } from '../../platform/event.ts'
import { outboxEvent, type OutboxEvent } from '../../platform/outbox.ts'
import type { Delivery, DeliveryEvent } from '../domain/delivery.ts'

const types = {
  sent: eventType(NotificationSentSchema),
  failed: eventType(NotificationFailedSchema),
  unknown: eventType(NotificationUnknownSchema),
} as const

/** Ids and words of our own only. */
export function encodeDeliveryEvent({ type, delivery }: DeliveryEvent): OutboxEvent {
  const { id, eventId, kind, channel, recipient, failure, trace } = delivery
  const data = {
    ...{ deliveryId: id, eventId, kind, channel },
    ...{ recipientType: recipient.type, recipientId: recipient.id },
  }
  if (type === 'failed') return outboxEvent(types.failed, factOf(delivery, { ...data, failure }), trace)
  return type === 'sent'
    ? outboxEvent(types.sent, factOf(delivery, data), trace)
    : outboxEvent(types.unknown, factOf(delivery, data), trace)
}

const factOf = <Data>({ id, version, updatedAt }: Delivery, data: Data) => ({
  aggregateType: 'notification',
  aggregateId: id,
  aggregateVersion: version,
  occurredAt: updatedAt,
  data,
})
