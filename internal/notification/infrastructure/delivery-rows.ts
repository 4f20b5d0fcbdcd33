import { bareColumn, jsonArray, jsonColumn, textColumn, timeColumn } from '../../platform/sql-columns.ts'
import { staffId, type Delivery, type DeliveryId, type DeliveryStatus } from '../domain/delivery.ts'
import type { OrderId, Recipient, Refs, UserId } from '../domain/delivery.ts'
import type { Channel, Kind } from '../domain/kinds.ts'

/** `event_id` is the cause of what a delivery makes happen, so the trace needs no column for it. */
export const deliveryColumns = `id, event_id, kind, channel, recipient_type, recipient_id, refs, status, attempts, failure,
  revision, version, next_at, lease_until, correlation_id, traceparent, read_at, created_at, updated_at`

export type DeliveryRow = {
  readonly id: DeliveryId
  readonly event_id: string
  readonly kind: Kind
  readonly channel: Channel
  readonly recipient_type: Recipient['type']
  readonly recipient_id: string
  readonly refs: Refs
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly failure: string
  readonly revision: number
  readonly version: number
  readonly next_at: Date
  readonly lease_until: Date | null
  readonly correlation_id: string
  readonly traceparent: string
  readonly read_at: Date | null
  readonly created_at: Date
  readonly updated_at: Date
}

export const deliveryFrom = (row: DeliveryRow): Delivery => ({
  ...{ id: row.id, eventId: row.event_id, kind: row.kind, channel: row.channel },
  recipient: recipientFrom(row),
  ...{ refs: row.refs, status: row.status, attempts: row.attempts, failure: row.failure },
  ...{ revision: row.revision, version: row.version, nextAt: row.next_at },
  leaseUntil: row.lease_until ?? undefined,
  trace: { correlationId: row.correlation_id, causationId: row.event_id, traceparent: row.traceparent },
  readAt: row.read_at ?? undefined,
  ...{ createdAt: row.created_at, updatedAt: row.updated_at },
})

function recipientFrom({ recipient_type: type, recipient_id: id }: DeliveryRow): Recipient {
  if (type === 'staff') return { type, id: staffId }
  return type === 'user' ? { type, id: id as UserId } : { type, id: id as OrderId }
}

/** The columns of new deliveries, for `addSql`. */
export const newColumns = (deliveries: readonly Delivery[]): readonly string[] => [
  bareColumn(deliveries, ({ id }) => id),
  bareColumn(deliveries, ({ eventId }) => eventId),
  bareColumn(deliveries, ({ kind }) => kind),
  bareColumn(deliveries, ({ channel }) => channel),
  bareColumn(deliveries, ({ recipient }) => recipient.type),
  bareColumn(deliveries, ({ recipient }) => recipient.id),
  jsonColumn(deliveries, ({ refs }) => refs),
  bareColumn(deliveries, ({ status }) => status),
  timeColumn(deliveries, ({ nextAt }) => nextAt),
  timeColumn(deliveries, ({ createdAt }) => createdAt),
  textColumn(deliveries, ({ trace }) => trace.correlationId),
  textColumn(deliveries, ({ trace }) => trace.traceparent),
]

/**
 * One writer after the other, so that no entry of a feed becomes visible after one that has a higher position. The lock ends
 * with the statement's own transaction.
 */
export const addSql = `
  with turn as materialized (select pg_advisory_xact_lock(hashtextextended('notifications.feed_positions', 0)))
  insert into notifications.deliveries (id, event_id, kind, channel, recipient_type, recipient_id, refs, status, attempts,
    failure, revision, version, next_at, correlation_id, traceparent, created_at, updated_at, feed_position)
  select d.id, d.event_id, d.kind, d.channel, d.recipient_type, d.recipient_id, d.refs, d.status, 0, '', 1, 0, d.next_at,
    d.correlation_id, d.traceparent, d.at, d.at,
    case when d.channel = 'feed' then nextval('notifications.feed_positions') end
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], ${jsonArray(7)}::jsonb[],
    $8::text[], $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[])
    as d(id, event_id, kind, channel, recipient_type, recipient_id, refs, status, next_at, at, correlation_id, traceparent),
    turn
  on conflict (event_id, channel, recipient_id, kind) do nothing`
