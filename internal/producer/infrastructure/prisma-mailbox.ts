import type { Sql } from '../../platform/database.ts'
import { familyOf, streamOf } from '../../platform/streams.ts'
import type { Mailbox } from '../application/mailbox.ts'
import { messageId, type Mark } from '../domain/publication.ts'
import type { Seq, StoredEvent } from '../domain/stored-event.ts'
import type { PrismaClient } from './db/client.ts'

type EventRow = {
  readonly seq: bigint
  readonly id: string
  readonly aggregate_type: string
  readonly aggregate_id: string
  readonly aggregate_version: number
  readonly subject: string
  readonly type: string
  readonly data: string
  readonly headers: {
    readonly correlationId?: string
    readonly causationId?: string
    readonly traceparent?: string
  }
  readonly occurred_at: Date
  readonly generation: number
  readonly attempts: number
}

const unpublishedSql = `
  with held_back as (
    select aggregate_id, bool_or(parked or not_before > now()) as waits
    from producer.outbox where published_at is null and (parked or not_before is not null)
    group by aggregate_id
  )
  select seq, id, aggregate_type, aggregate_id, aggregate_version, subject, type, data::text as data, headers,
    occurred_at, generation, attempts
  from producer.outbox
  where published_at is null and lane = any($1::smallint[])
    and aggregate_id not in (select aggregate_id from held_back where waits)
  order by seq
  limit $2`

const markPublishedSql = `
  with marks as (
    select * from unnest($1::bigint[], $2::int[], $3::bigint[], $4::text[], $7::text[])
      as m(seq, generation, broker_seq, stream, message_id)
  ), marked as (
    update producer.outbox o
    set published_at = now(), broker_seq = m.broker_seq, broker_epoch = s.epoch, not_before = null, last_error = null
    from marks m join producer.broker_streams s on s.name = m.stream
    where o.seq = m.seq and o.generation = m.generation
      -- Said once more for the planner, which would else walk through all of the day's events.
      and o.seq = any($1::bigint[]) and o.occurred_at between $5 and $6
    returning m.stream, m.broker_seq, m.message_id
  )
  update producer.broker_streams s set last_seq = seen.broker_seq, last_message_id = seen.message_id
  from (select distinct on (stream) stream, broker_seq, message_id from marked order by stream, broker_seq desc) seen
  where s.name = seen.stream and s.last_seq < seen.broker_seq`

const markRefusedSql = `
  update producer.outbox o
  set attempts = m.attempts, not_before = m.not_before, parked = m.parked, last_error = m.reason
  from jsonb_to_recordset($1::jsonb) as m(seq bigint, generation int, attempts int, not_before timestamptz, parked boolean,
    reason text)
  where o.seq = m.seq and o.generation = m.generation`

/** Every row, also those not yet published: acknowledgements of the lost store that are still under way miss them then. */
const republishSql = `
  update producer.outbox
  set published_at = null, generation = generation + 1, attempts = 0, not_before = null, parked = false
  where split_part(subject, '.', 1) = $1`

/** Prisma for what is rare, `sql` for what happens with every order. */
export function prismaMailbox(db: PrismaClient, sql: Sql): Mailbox {
  return {
    async unpublished(lanes, limit) {
      const rows = await sql.$queryRawUnsafe<EventRow[]>(unpublishedSql, lanes, limit)
      return rows.map(fromRow)
    },
    async mark(marks) {
      await markPublished(sql, marks)
      await markRefused(sql, marks)
    },
    async seenStreams() {
      const seen = await db.brokerStream.findMany()
      return new Map(seen.map(({ name, ...stream }) => [name, stream]))
    },
    async rememberStream(name, { created, lastSeq }) {
      await db.brokerStream.createMany({ data: [{ name, created, lastSeq, epoch: 1 }], skipDuplicates: true })
    },
    openEpoch: (name, seen, now) =>
      db.$transaction(
        async (tx) => {
          const data = {
            created: now.created,
            lastSeq: now.lastSeq,
            epoch: seen.epoch + 1,
            lastMessageId: '',
          }
          await tx.$executeRawUnsafe(`set local statement_timeout = ${republishTimeoutMs}`)
          const opened = await tx.brokerStream.updateMany({ where: { name, epoch: seen.epoch }, data })
          if (opened.count === 1) await tx.$executeRawUnsafe(republishSql, familyOf(name))
          return opened.count === 1
        },
        { timeout: republishTimeoutMs },
      ),
    async depth() {
      const [row] = await db.$queryRawUnsafe<
        { unpublished: bigint; parked: bigint; oldest: number | null }[]
      >(
        `select count(*) as unpublished, count(*) filter (where parked) as parked,
          extract(epoch from now() - min(occurred_at))::float8 as oldest
        from producer.outbox where published_at is null`,
      )
      return {
        unpublished: Number(row?.unpublished ?? 0),
        parked: Number(row?.parked ?? 0),
        oldestAgeSeconds: Math.max(0, row?.oldest ?? 0),
      }
    },
  }
}

/** Fourteen days of events may be millions of rows. */
const republishTimeoutMs = 600_000

async function markPublished(sql: Sql, marks: readonly Mark[]): Promise<void> {
  const published = marks.filter((mark) => mark.kind === 'published')
  if (published.length === 0) return
  const times = published.map(({ event }) => event.occurredAt.getTime())
  await sql.$executeRawUnsafe(
    markPublishedSql,
    published.map(({ event }) => event.seq),
    published.map(({ event }) => event.generation),
    published.map(({ streamSeq }) => streamSeq),
    published.map(({ event }) => streamOf(event.subject)),
    // The partition's key: with it only the days that matter are looked at.
    new Date(Math.min(...times)),
    new Date(Math.max(...times)),
    published.map(({ event }) => messageId(event)),
  )
}

async function markRefused(sql: Sql, marks: readonly Mark[]): Promise<void> {
  const rows = marks.flatMap((mark) => {
    if (mark.kind === 'published') return []
    const { event, attempts, reason } = mark
    const not_before = mark.kind === 'retry' ? mark.notBefore : null
    return [
      {
        seq: String(event.seq),
        generation: event.generation,
        attempts,
        reason,
        not_before,
        parked: mark.kind === 'parked',
      },
    ]
  })
  if (rows.length > 0) await sql.$executeRawUnsafe(markRefusedSql, JSON.stringify(rows))
}

function fromRow(row: EventRow): StoredEvent {
  return {
    seq: row.seq as Seq,
    id: row.id,
    aggregate: `${row.aggregate_type} ${row.aggregate_id}`,
    aggregateId: row.aggregate_id,
    aggregateVersion: row.aggregate_version,
    subject: row.subject,
    type: row.type,
    data: row.data,
    correlationId: row.headers.correlationId ?? '',
    causationId: row.headers.causationId ?? '',
    traceparent: row.headers.traceparent ?? '',
    occurredAt: row.occurred_at,
    generation: row.generation,
    attempts: row.attempts,
  }
}
