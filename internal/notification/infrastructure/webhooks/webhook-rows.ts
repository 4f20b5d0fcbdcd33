import type { EndpointId } from '../../domain/endpoint.ts'
import type { WebhookDelivery, WebhookDeliveryId, WebhookStatus } from '../../domain/webhook-delivery.ts'

export const webhookColumns = `id, endpoint_id, event_id, seq, aggregate_id, type, occurred_at, data, status, attempts,
  failing_since, failure, next_at, lease_until, revision, updated_at`

export const prefixed = (table: string): string =>
  webhookColumns
    .split(',')
    .map((column) => `${table}.${column.trim()}`)
    .join(', ')

export type WebhookRow = {
  readonly id: WebhookDeliveryId
  readonly endpoint_id: EndpointId
  readonly event_id: string
  readonly seq: bigint
  readonly aggregate_id: string
  readonly type: string
  readonly occurred_at: Date
  readonly data: string
  readonly status: WebhookStatus
  readonly attempts: number
  readonly failing_since: Date | null
  readonly failure: string
  readonly next_at: Date
  readonly lease_until: Date | null
  readonly revision: number
  readonly updated_at: Date
}

export const webhookFrom = (row: WebhookRow): WebhookDelivery => ({
  ...{ id: row.id, endpointId: row.endpoint_id, eventId: row.event_id, seq: String(row.seq) },
  ...{ aggregateId: row.aggregate_id, type: row.type, occurredAt: row.occurred_at, data: row.data },
  ...{ status: row.status, attempts: row.attempts, failingSince: row.failing_since ?? undefined },
  ...{ failure: row.failure, nextAt: row.next_at, leaseUntil: row.lease_until ?? undefined },
  ...{ revision: row.revision, updatedAt: row.updated_at },
})
