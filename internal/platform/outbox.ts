import type { Call, Trace } from './call.ts'
import type { Sql } from './database.ts'
import { newId } from './new-id.ts'

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
  event: NewEvent,
  { correlationId, traceparent }: Pick<Call, 'correlationId' | 'traceparent'>,
  causationId = '',
): OutboxEvent {
  return {
    ...event,
    id: newId(),
    type: `tillstream.${event.subject}.v1`,
    headers: { correlationId, causationId, traceparent },
  }
}

/** Wakes the producer after a commit; losing it costs one poll (tens of milliseconds). */
export type WakeProducer = () => void

/** Lanes split the outbox between producers; all events of an aggregate share one. */
export const outboxLanes = 4

/** An INSERT that takes its rows from one JSON parameter (see `outboxParameter`), to stand in a larger statement. */
export const insertOutboxSql = (parameter: string, where = ''): string => `
  insert into producer.outbox
    (occurred_at, id, lane, aggregate_type, aggregate_id, aggregate_version, subject, type, data, headers)
  select e."occurredAt", e.id, e.lane, e."aggregateType", e."aggregateId", e."aggregateVersion", e.subject, e.type,
    e.data, e.headers
  from jsonb_to_recordset(${parameter}::jsonb) as e("occurredAt" timestamptz, id uuid, lane smallint, "aggregateType" text,
    "aggregateId" uuid, "aggregateVersion" int, subject text, type text, data jsonb, headers jsonb)
  ${where}`

export function outboxParameter(events: readonly OutboxEvent[]): string {
  return JSON.stringify(events.map((event) => ({ ...event, lane: laneOf(event.aggregateId) })))
}

/** For writes that are not on a hot path: call it inside the transaction that stores the state. */
export async function appendToOutbox(
  tx: Pick<Sql, '$executeRawUnsafe'>,
  events: readonly OutboxEvent[],
): Promise<void> {
  if (events.length > 0) await tx.$executeRawUnsafe(insertOutboxSql('$1'), outboxParameter(events))
}

function laneOf(aggregateId: string): number {
  return Number.parseInt(aggregateId.slice(-2), 16) % outboxLanes
}
