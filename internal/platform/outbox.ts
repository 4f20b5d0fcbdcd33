import type { Call, Trace } from './call.ts'
import type { Sql } from './database.ts'
import { newId } from './new-id.ts'
import { bareColumn, jsonArray, jsonColumn, textColumn, timeColumn } from './sql-columns.ts'

/** An event as a service leaves it in the producer's mailbox. */
export type OutboxEvent = {
  readonly id: string
  readonly aggregateType: string
  readonly aggregateId: string
  /** 1 for the aggregate's first event, then one more each. */
  readonly aggregateVersion: number
  /** Where it is published: order.created. */
  readonly subject: string
  /** What it is, with its version: tillstream.order.created.v1. */
  readonly type: string
  readonly occurredAt: Date
  /** ProtoJSON of the contract's message. */
  readonly data: unknown
  readonly headers: Trace
}

/** What a service knows of an event; id, type and headers follow from it. */
export type NewEvent = Pick<
  OutboxEvent,
  'aggregateType' | 'aggregateId' | 'aggregateVersion' | 'subject' | 'occurredAt' | 'data'
>

export function outboxEvent(
  { aggregateType, aggregateId, aggregateVersion, subject, occurredAt, data }: NewEvent,
  { correlationId, traceparent }: Pick<Call, 'correlationId' | 'traceparent'>,
  causationId = '',
): OutboxEvent {
  // Field by field: for "the rest of it" V8 leaves its quick paths.
  return {
    id: newId(),
    aggregateType,
    aggregateId,
    aggregateVersion,
    subject,
    type: `tillstream.${subject}.v1`,
    occurredAt,
    data,
    headers: { correlationId, causationId, traceparent },
  }
}

/** Wakes the producer after a commit; losing it costs one poll (tens of milliseconds). */
export type WakeProducer = () => void

/** Lanes split the outbox between producers; all events of an aggregate share one. */
export const outboxLanes = 4

/**
 * The two inserts of an event, to stand among the CTEs of the statement that stores the state: the event itself, for ever as it
 * is, and the note that it is unpublished. Their rows come from `outboxParameters`, the first of which is number `first`.
 */
export const outboxCtes = (first: number, where = ''): string => `
  mail as (
    insert into producer.outbox (${columns.map(([name]) => name).join(', ')})
    select e.* from unnest(${columns.map(([, type], index) => arrayOf(type, first + index)).join(', ')})
      as e(${columns.map(([name]) => name).join(', ')})
    ${where}
    returning seq, occurred_at, lane, aggregate_id, subject
  ), queued as (
    insert into producer.unpublished (seq, occurred_at, lane, aggregate_id, family)
    select seq, occurred_at, lane, aggregate_id, split_part(subject, '.', 1) from mail
  )`

const arrayOf = (type: string, parameter: number): string =>
  type === 'json' ? jsonArray(parameter) : `$${parameter}::${type}[]`

const columns = [
  ['occurred_at', 'timestamptz'],
  ['id', 'uuid'],
  ['lane', 'smallint'],
  ['aggregate_type', 'text'],
  ['aggregate_id', 'uuid'],
  ['aggregate_version', 'int'],
  ['subject', 'text'],
  ['type', 'text'],
  ['data', 'json'], // and stored as text
  ['correlation_id', 'text'],
  ['causation_id', 'text'],
  ['traceparent', 'text'],
] as const

export function outboxParameters(events: readonly OutboxEvent[]): readonly string[] {
  return [
    timeColumn(events, (event) => event.occurredAt),
    bareColumn(events, (event) => event.id),
    bareColumn(events, (event) => laneOf(event.aggregateId)),
    bareColumn(events, (event) => event.aggregateType),
    bareColumn(events, (event) => event.aggregateId),
    bareColumn(events, (event) => event.aggregateVersion),
    bareColumn(events, (event) => event.subject),
    bareColumn(events, (event) => event.type),
    jsonColumn(events, (event) => event.data),
    textColumn(events, (event) => event.headers.correlationId),
    textColumn(events, (event) => event.headers.causationId),
    textColumn(events, (event) => event.headers.traceparent),
  ]
}

/** For writes that are not on a hot path: call it inside the transaction that stores the state. */
export async function appendToOutbox(
  tx: Pick<Sql, '$executeRawUnsafe'>,
  events: readonly OutboxEvent[],
): Promise<void> {
  if (events.length > 0)
    await tx.$executeRawUnsafe(`with ${outboxCtes(1)} select 1`, ...outboxParameters(events))
}

/** All events of an aggregate share one. */
export function laneOf(aggregateId: string): number {
  return Number.parseInt(aggregateId.slice(-2), 16) % outboxLanes
}
