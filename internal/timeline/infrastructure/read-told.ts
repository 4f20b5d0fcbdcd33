import type { Stored } from '../application/stored.ts'
import type { ActFacts, DeadLetterFacts, EventFacts, MessageFacts } from '../domain/told-part.ts'
import { spansOf, type Databases } from './databases.ts'

/** Events have no index but that of their time, because every order would pay for one. */
const eventsSql = `
  select e.id, e.occurred_at as at, e.subject, e.aggregate_id as "aggregateId", e.correlation_id as "requestId",
    e.traceparent, u.seq is null as "isPublished", coalesce(u.attempts, 0) as attempts, u.last_error as "lastError",
    coalesce(u.parked, false) as "isParked"
  from unnest($2::timestamptz[], $3::timestamptz[]) as w (since, until)
  cross join lateral (
    select o.* from producer.outbox o
    where o.occurred_at between w.since and w.until and o.aggregate_id = any($1::uuid[])
  ) e
  left join producer.unpublished u on u.seq = e.seq
  order by e.occurred_at, e.seq limit 500`

const actsSql = `
  select a.at, a.what, a.subject_id as "subjectId", a.actor_kind as "actorKind", a.actor_id as "actorId", a.reason,
    a.correlation_id as "requestId"
  from unnest($2::timestamptz[], $3::timestamptz[]) as w (since, until)
  cross join lateral (
    select * from producer.activity where at between w.since and w.until and subject_id = any($1::text[])
  ) a
  order by a.at limit 200`

const deadLettersSql = `
  select id, subscription, subject, status, code, error, resolution, dead_at as "deadAt", resolved_at as "resolvedAt"
  from consumer.dead_letters where event_id = any($1::text[]) order by dead_at limit 200`

const messagesSql = `
  select id, channel, kind, recipient_type as to, status, attempts, failure, created_at as "createdAt",
    updated_at as "updatedAt", next_at as "nextAt"
  from notifications.deliveries where event_id = any($1::uuid[])
  union all
  select id, 'webhook', type, endpoint_id::text, status, attempts, failure, created_at, updated_at, next_at
  from notifications.webhook_deliveries where event_id = any($1::uuid[])
  order by "createdAt" limit 500`

export const readEvents =
  ({ askAll }: Databases): Stored['events'] =>
  (aggregates, windows) =>
    askAll<EventFacts>(eventsSql, [aggregates, ...spansOf(windows)])

export const readActs =
  ({ askAll }: Databases): Stored['acts'] =>
  (subjects, windows) =>
    askAll<ActFacts>(actsSql, [subjects, ...spansOf(windows)])

export const readDeadLetters =
  ({ ask }: Databases): Stored['deadLetters'] =>
  (eventIds) =>
    ask<DeadLetterFacts>('consumer', deadLettersSql, [eventIds])

export const readMessages =
  ({ ask }: Databases): Stored['messages'] =>
  (eventIds) =>
    ask<MessageFacts>('notification', messagesSql, [eventIds])
