import { newId } from '../../platform/new-id.ts'
import type { Delivery, DeliveryId, OrderId, UserId } from '../domain/delivery.ts'
import { newEndpoint, type Endpoint, type EndpointId } from '../domain/endpoint.ts'
import type { News } from '../domain/news.ts'
import type { WebhookDelivery, WebhookDeliveryId } from '../domain/webhook-delivery.ts'
import type { PublishedEvent } from '../application/webhook-ports.ts'

export const now = new Date('2026-11-29T12:00:00.000Z')
export const later = (ms: number): Date => new Date(now.getTime() + ms)

export const newUserId = (): UserId => newId() as UserId
export const newOrderId = (): OrderId => newId() as OrderId
export const newDeliveryId = (): DeliveryId => newId() as DeliveryId

/** A queued mail to an account, that it was made. */
export function delivery(overrides: Partial<Delivery> = {}): Delivery {
  const eventId = newId()
  return {
    ...{ id: newDeliveryId(), eventId, kind: 'account.welcome', channel: 'email' },
    ...{ recipient: { type: 'user', id: newUserId() }, refs: {}, status: 'queued', attempts: 0, failure: '' },
    ...{ revision: 1, version: 0, nextAt: now, leaseUntil: undefined },
    trace: { correlationId: 'request', causationId: eventId, traceparent: '' },
    ...{ readAt: undefined, createdAt: now, updatedAt: now },
    ...overrides,
  }
}

export const feedEntry = (userId: UserId, overrides: Partial<Delivery> = {}): Delivery =>
  delivery({
    ...{ kind: 'order.shipped', channel: 'feed', status: 'sent', recipient: { type: 'user', id: userId } },
    ...{ refs: { orderId: newOrderId() } },
    ...overrides,
  })

/** An order of a user was confirmed. */
export function news(overrides: Partial<News> = {}): News {
  const eventId = newId()
  const orderId = newOrderId()
  return {
    ...{ eventId, at: now, kind: 'order.confirmed', to: { orderId, userId: newUserId() }, refs: { orderId } },
    trace: { correlationId: 'request', causationId: eventId, traceparent: '' },
    ...overrides,
  }
}

export const newEndpointId = (): EndpointId => newId() as EndpointId

export const endpoint = (overrides: Partial<Endpoint> = {}): Endpoint => ({
  ...newEndpoint(
    {
      ...{ id: newEndpointId(), url: 'https://example.com/hook', events: ['order.*'] },
      secret: 'whsec_dGhlIHNlY3JldCBvZiBhIHRlc3QgZW5kcG9pbnQh',
    },
    now,
  ),
  ...overrides,
})

/** It was claimed. */
export const webhookDelivery = (overrides: Partial<WebhookDelivery> = {}): WebhookDelivery => ({
  ...{ id: newId() as WebhookDeliveryId, endpointId: newEndpointId(), eventId: newId(), seq: '1' },
  ...{ aggregateId: newId(), type: 'order.created', occurredAt: now, data: '{"order":{}}' },
  ...{ status: 'queued', attempts: 0, failingSince: undefined, failure: '', nextAt: now },
  ...{ leaseUntil: later(30_000), revision: 2, updatedAt: now },
  ...overrides,
})

/** An order was created, some time after `now`. */
export const publishedEvent = (overrides: Partial<PublishedEvent> = {}): PublishedEvent => ({
  ...{ id: newId(), subject: 'order.created', aggregateId: newId(), occurredAt: later(1) },
  data: '{"order":{"note":"\\"quoted\\", {braces}\\n"}}',
  ...overrides,
})
