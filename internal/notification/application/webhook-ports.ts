import type { Once, Trace } from '../../platform/call.ts'
import type { Act } from '../../platform/act.ts'
import type { Endpoint, EndpointId } from '../domain/endpoint.ts'
import type {
  WebhookAnswer,
  WebhookDelivery,
  WebhookDeliveryId,
  WebhookStatus,
} from '../domain/webhook-delivery.ts'

/** What is stored with a change that staff have asked for. */
export type AskedByStaff = { readonly once?: Once | undefined; readonly trace: Trace; readonly act: Act }

export type Endpoints = {
  readonly add: (endpoint: Endpoint, asked: AskedByStaff) => Promise<void>
  /** False, and nothing is stored, when somebody else has changed it since it was read. */
  readonly store: (endpoint: Endpoint, asked: AskedByStaff) => Promise<boolean>
  /** Pauses it, and tells so. False when somebody else has changed it since it was read. */
  readonly pause: (paused: Endpoint) => Promise<boolean>
  readonly remove: (id: EndpointId, asked: AskedByStaff) => Promise<boolean>
  readonly find: (id: EndpointId) => Promise<Endpoint | undefined>
  readonly findByRequest: (once: Once) => Promise<Endpoint | undefined>
  /** Newest first. */
  readonly list: () => Promise<readonly Endpoint[]>
}

/** An event as the stream has it. */
export type PublishedEvent = {
  readonly id: string
  readonly subject: string
  readonly aggregateId: string
  readonly occurredAt: Date
  /** JSON. */
  readonly data: string
}

/** Up to where a stream was read. */
export type StreamPosition = {
  readonly stream: string
  readonly incarnation: string
  readonly seq: number
  /** When the message at `seq` was stored, as the broker says; empty where that is not known. */
  readonly mark: string
}

export type Webhooks = {
  readonly position: (stream: string) => Promise<StreamPosition | undefined>
  /** False when another reader has begun. */
  readonly begin: (at: StreamPosition) => Promise<boolean>
  /** Nobody wants these streams any more. */
  readonly forget: (streams: readonly string[]) => Promise<void>
  /**
   * Queues the events for all endpoints that want them, and moves the position from one to the other, both or neither.
   * Undefined when another reader has moved it; else how many deliveries are new.
   */
  readonly advance: (
    from: StreamPosition,
    to: StreamPosition,
    events: readonly PublishedEvent[],
    at: Date,
  ) => Promise<number | undefined>
  /** What is due now, for this worker until the lease ends: of each aggregate its first one only. */
  readonly claim: (rooms: readonly Room[], now: Date, leaseUntil: Date) => Promise<readonly WebhookDelivery[]>
  /** False, and nothing is stored, when somebody else has changed it since it was claimed. */
  readonly store: (state: WebhookDelivery) => Promise<boolean>
  readonly find: (id: WebhookDeliveryId) => Promise<WebhookDelivery | undefined>
  /** Newest first. */
  readonly page: (filter: WebhookFilter) => Promise<WebhookPage>
  /** Sends it again. Undefined when there is none. */
  readonly redeliver: (
    endpointId: EndpointId,
    id: WebhookDeliveryId,
    at: Date,
    asked: AskedByStaff,
  ) => Promise<WebhookDelivery | undefined>
  /** Sends again what happened in this range, in its order. Returns how many. */
  readonly replay: (
    endpointId: EndpointId,
    range: TimeRange,
    at: Date,
    asked: AskedByStaff,
  ) => Promise<number>
  /** What has failed begins anew, now. */
  readonly retryAll: (endpointId: EndpointId, at: Date) => Promise<void>
  readonly countQueued: () => Promise<{ readonly queued: number; readonly pausedEndpoints: number }>
  /** Removes what was delivered before `before`, what has waited since then, and what no endpoint is there for. */
  readonly removeOld: (before: Date, limit: number) => Promise<number>
}

export type Room = { readonly endpointId: EndpointId; readonly room: number }

export type TimeRange = { readonly from: Date; readonly to: Date }

export type WebhookFilter = {
  readonly endpointId: EndpointId
  readonly status: WebhookStatus | undefined
  readonly limit: number
  /** The place of the last one of the page before. */
  readonly after: string | undefined
}

export type WebhookPage = {
  readonly deliveries: readonly WebhookDelivery[]
  readonly next: string | undefined
}

export type OutgoingWebhook = {
  readonly url: string
  readonly secrets: readonly string[]
  readonly delivery: WebhookDelivery
  readonly at: Date
}

/** Never throws: whatever goes wrong is an answer. */
export type CallEndpoint = (webhook: OutgoingWebhook) => Promise<WebhookAnswer>
