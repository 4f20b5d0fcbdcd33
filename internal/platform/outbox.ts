import type { DescMessage } from '@bufbuild/protobuf'
import type { Trace } from './call.ts'
import type { Sql } from './database.ts'
import type { EventType } from './event.ts'
import { newId } from './new-id.ts'
import { bareColumn, jsonArray, jsonColumn, textColumn, timeColumn } from './sql-columns.ts'
import type { Wire } from './wire.ts'

/** An event as a service puts it into the outbox. */
export type OutboxEvent = {
  readonly id: string
  readonly aggregateType: string
  readonly aggregateId: string
  /** The aggregate's first event has version 1, and each further event one more. */
  readonly aggregateVersion: number
  /** The subject that it is published on, such as order.created. */
  readonly subject: string
  /** The event's type with its version, such as tillstream.order.created.v1. */
  readonly type: string
  readonly occurredAt: Date
  /** The contract's message as ProtoJSON. */
  readonly data: unknown
  readonly headers: Trace
}

/** What a service states about an event. Id, subject and type are added to it. */
export type Fact<Message extends DescMessage> = Pick<
  OutboxEvent,
  'aggregateType' | 'aggregateId' | 'aggregateVersion' | 'occurredAt'
> & { readonly data: Wire<Message> }

export function outboxEvent<Message extends DescMessage>(
  { subject, type }: EventType<Message>,
  { aggregateType, aggregateId, aggregateVersion, occurredAt, data }: Fact<Message>,
  { correlationId, causationId, traceparent }: Trace,
): OutboxEvent {
  // The fields are copied one by one, because V8 is much slower with an object rest pattern.
  return {
    id: newId(),
    aggregateType,
    aggregateId,
    aggregateVersion,
    subject,
    type,
    occurredAt,
    data,
    headers: { correlationId, causationId, traceparent },
  }
}

/** Wakes the producer after a commit. If the call is lost, the event waits for the producer's next poll. */
export type WakeProducer = () => void

/** Lanes split the outbox between producers. All events of an aggregate are in the same lane. */
export const outboxLanes = 4

/**
 * Two inserts as CTEs of the statement that stores the state: one stores the event, which never changes again, and one
 * notes that it is unpublished. Their parameters are those of `outboxParameters`, numbered from `first` on. They are
 * numbered in the order of the list, in which they are published; without the sort a join for `where` might change it.
 */
export const outboxCtes = (first: number, where = ''): string => `
  mail as (
    insert into producer.outbox (${columns.map(([name]) => name).join(', ')})
    select ${columns.map(([name]) => `e.${name}`).join(', ')}
    from unnest(${columns.map(([, type], index) => arrayOf(type, first + index)).join(', ')})
      with ordinality as e(${columns.map(([name]) => name).join(', ')}, place)
    ${where} order by e.place
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

/** The parameters that `outboxCtes` takes. */
export const outboxColumnCount = columns.length

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

/** The lane of an aggregate. */
export function laneOf(aggregateId: string): number {
  return Number.parseInt(aggregateId.slice(-2), 16) % outboxLanes
}

/** Identifies an event that a service has put into its outbox by the change that it reports. */
export type SentEvent = {
  readonly aggregateId: string
  readonly aggregateVersion: number
  readonly occurredAt: Date
}

/**
 * The traces for changes that these events cause, by aggregate id. An event that the outbox no longer keeps has none.
 */
export async function tracesOfSent(
  sql: Sql,
  events: readonly SentEvent[],
): Promise<ReadonlyMap<string, Trace>> {
  if (events.length === 0) return new Map()
  const rows = await sql.$queryRawUnsafe<readonly SentRow[]>(
    tracesOfSentSql,
    events.map(({ occurredAt }) => occurredAt),
    events.map(({ aggregateId }) => aggregateId),
    events.map(({ aggregateVersion }) => aggregateVersion),
  )
  return new Map(
    rows.map(({ aggregate_id, id, correlation_id, traceparent }) => [
      aggregate_id,
      { correlationId: correlation_id, causationId: id, traceparent },
    ]),
  )
}

type SentRow = {
  readonly aggregate_id: string
  readonly id: string
  readonly correlation_id: string
  readonly traceparent: string
}

/** Finds an event by its time: the time selects the partition, and a BRIN index finds the event within it. */
const tracesOfSentSql = `
  select e.aggregate_id::text, e.id::text, e.correlation_id, e.traceparent
  from unnest($1::timestamptz[], $2::uuid[], $3::int[]) as w(occurred_at, aggregate_id, aggregate_version)
  cross join lateral (
    select o.aggregate_id, o.id, o.correlation_id, o.traceparent from producer.outbox o
    where o.occurred_at = w.occurred_at and o.aggregate_id = w.aggregate_id and o.aggregate_version = w.aggregate_version
    limit 1
  ) as e`
