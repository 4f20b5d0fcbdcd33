import type { Sql } from '../../platform/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { bareColumn } from '../../platform/sql-columns.ts'
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
  readonly correlation_id: string
  readonly causation_id: string
  readonly traceparent: string
  readonly occurred_at: Date
}

type DueRow = {
  readonly seq: bigint
  readonly occurred_at: Date
  readonly generation: number
  readonly attempts: number
}

const dueSql = `
  select seq, occurred_at, generation, attempts from producer.unpublished
  where lane = any($1::smallint[]) and aggregate_id not in (
    select aggregate_id from producer.unpublished
    where (parked or not_before is not null) and (parked or not_before > now())
  )
  order by seq
  limit $2`

/** The bounds are the partitions' key: with them only the days that matter are looked at. */
const eventsSql = `
  select seq, id, aggregate_type, aggregate_id, aggregate_version, subject, type, data, correlation_id, causation_id,
    traceparent, occurred_at
  from producer.outbox
  where seq = any($1::bigint[]) and occurred_at between $2 and $3
  order by seq`

/** Only in a stream that we know: an acknowledgement by one that we do not could never be told from one of a lost store. */
const markPublishedSql = `
  with marks as (
    select * from unnest($1::bigint[], $2::int[], $3::bigint[], $4::text[], $5::text[])
      as m(seq, generation, broker_seq, stream, message_id)
  ), marked as (
    delete from producer.unpublished u
    using marks m join producer.broker_streams s on s.name = m.stream
    -- The numbers are said once more for the planner, which would else compare each with each.
    where u.seq = m.seq and u.generation = m.generation and u.seq = any($1::bigint[])
    returning m.stream, m.broker_seq, m.message_id
  )
  update producer.broker_streams s set last_seq = seen.broker_seq, last_message_id = seen.message_id
  from (select distinct on (stream) stream, broker_seq, message_id from marked order by stream, broker_seq desc) seen
  where s.name = seen.stream and s.last_seq < seen.broker_seq`

const markRefusedSql = `
  update producer.unpublished u
  set attempts = m.attempts, not_before = m.not_before, parked = m.parked, last_error = m.reason
  from jsonb_to_recordset($1::jsonb) as m(seq bigint, generation int, attempts int, not_before timestamptz, parked boolean,
    reason text)
  where u.seq = m.seq and u.generation = m.generation`

/** Every event, also those not yet published: acknowledgements of the lost store that are still under way miss them then. */
const republishSql = `
  insert into producer.unpublished (seq, occurred_at, lane, aggregate_id, generation)
  select seq, occurred_at, lane, aggregate_id, $2::int from producer.outbox where split_part(subject, '.', 1) = $1
  on conflict (seq) do update
    set generation = excluded.generation, attempts = 0, not_before = null, last_error = null, parked = false`

/**
 * Autovacuum looks once a minute, and then half a million rows may lie there. The index too, however few its pages; nobody is
 * waited for, and nobody waits for us.
 */
export const tidyUnpublished = (sql: Sql) => async (): Promise<void> => {
  await sql.$executeRawUnsafe('vacuum (index_cleanup on, truncate off, skip_locked) producer.unpublished')
}

/** Prisma for what is rare, `sql` for what happens with every order. */
export function prismaMailbox(db: PrismaClient, sql: Sql): Mailbox {
  return {
    async unpublished(lanes, limit) {
      const due = await sql.$queryRawUnsafe<DueRow[]>(dueSql, lanes, limit)
      return due.length === 0 ? [] : readEvents(sql, due)
    },
    async mark(marks) {
      failpoint('publish-mark')
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
          if (opened.count === 1) await tx.$executeRawUnsafe(republishSql, familyOf(name), seen.epoch)
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
        from producer.unpublished`,
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
export const republishTimeoutMs = 600_000

async function markPublished(sql: Sql, marks: readonly Mark[]): Promise<void> {
  const published = marks.filter((mark) => mark.kind === 'published')
  if (published.length === 0) return
  await sql.$executeRawUnsafe(
    markPublishedSql,
    bareColumn(published, ({ event }) => event.seq),
    bareColumn(published, ({ event }) => event.generation),
    bareColumn(published, ({ streamSeq }) => streamSeq),
    bareColumn(published, ({ event }) => streamOf(event.subject)),
    bareColumn(published, ({ event }) => messageId(event)),
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

/** A second statement: PostgreSQL would join the two by comparing each with each. */
async function readEvents(sql: Sql, due: readonly DueRow[]): Promise<readonly StoredEvent[]> {
  const times = due.map(({ occurred_at }) => occurred_at.getTime())
  const rows = await sql.$queryRawUnsafe<EventRow[]>(
    eventsSql,
    bareColumn(due, ({ seq }) => seq),
    new Date(Math.min(...times)),
    new Date(Math.max(...times)),
  )
  const dueBySeq = new Map(due.map((row) => [row.seq, row]))
  return rows.map((row) => fromRow(row, dueBySeq.get(row.seq)))
}

function fromRow(row: EventRow, due: DueRow | undefined): StoredEvent {
  return {
    seq: row.seq as Seq,
    id: row.id,
    aggregate: `${row.aggregate_type} ${row.aggregate_id}`,
    aggregateId: row.aggregate_id,
    aggregateVersion: row.aggregate_version,
    subject: row.subject,
    type: row.type,
    data: row.data,
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    traceparent: row.traceparent,
    occurredAt: row.occurred_at,
    generation: due?.generation ?? 0,
    attempts: due?.attempts ?? 0,
  }
}
