import type { Sql } from '../../platform/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { bareColumn } from '../../platform/sql-columns.ts'
import { familyOf, streamOf } from '../../platform/streams.ts'
import type { Mailbox } from '../application/mailbox.ts'
import { messageId, type Mark } from '../domain/publication.ts'
import type { PrismaClient } from './db/client.ts'
import { readEvents, type DueRow } from './read-events.ts'

const dueSql = `
  select seq, occurred_at, generation, attempts from producer.unpublished
  where lane = any($1::smallint[]) and aggregate_id not in (
    select aggregate_id from producer.unpublished
    where (parked or not_before is not null) and (parked or not_before > now())
  ) and family <> all($3::text[])
  order by seq
  limit $2`

/**
 * Marks events of one stream, and only if that stream is in broker_streams: otherwise nobody could tell later that the
 * acknowledgements came from an incarnation that has been lost. Each row finds its generation by its position in the
 * arrays, because for a join PostgreSQL would search all of them for each row.
 */
const markPublishedSql = `
  with marked as (
    delete from producer.unpublished
    where seq = any($2::bigint[]) and generation = ($3::int[])[array_position($2::bigint[], seq)]
      and exists (select from producer.broker_streams where name = $1)
    returning seq
  )
  update producer.broker_streams set last_seq = $5, last_message_id = $6
  where name = $1 and last_seq < $5 and $4::bigint in (select seq from marked)`

const markRefusedSql = `
  update producer.unpublished u
  set attempts = m.attempts, not_before = m.not_before, parked = m.parked, last_error = m.reason
  from jsonb_to_recordset($1::jsonb) as m(seq bigint, generation int, attempts int, not_before timestamptz, parked boolean,
    reason text)
  where u.seq = m.seq and u.generation = m.generation`

/**
 * Gives every event of the family a new generation, also the unpublished ones: acknowledgements of the lost
 * incarnation that are still on their way then mark nothing.
 */
const republishSql = `
  insert into producer.unpublished (seq, occurred_at, lane, aggregate_id, family, generation)
  select seq, occurred_at, lane, aggregate_id, $1, $2::int from producer.outbox where split_part(subject, '.', 1) = $1
  on conflict (seq) do update
    set family = excluded.family, generation = excluded.generation, attempts = 0, not_before = null, last_error = null, parked = false`

/**
 * Autovacuum runs only once a minute, and by then many dead rows slow down every look at what is unpublished. The
 * options clean the index however few its pages are, and make sure that this vacuum waits for nobody and nobody waits
 * for it.
 */
export const tidyUnpublished = (sql: Sql) => async (): Promise<void> => {
  await sql.$executeRawUnsafe('vacuum (index_cleanup on, truncate off, skip_locked) producer.unpublished')
}

/** Prisma is used for what is rare, `sql` for what happens with every order. */
export function prismaMailbox(db: PrismaClient, sql: Sql): Mailbox {
  return {
    async unpublished(lanes, limit, except = []) {
      const due = await sql.$queryRawUnsafe<DueRow[]>(dueSql, lanes, limit, except)
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

/** All retained events may be millions of rows. */
export const republishTimeoutMs = 600_000

type Published = Extract<Mark, { readonly kind: 'published' }>

async function markPublished(sql: Sql, marks: readonly Mark[]): Promise<void> {
  const byStream = new Map<string, Published[]>()
  for (const mark of marks) {
    if (mark.kind !== 'published') continue
    const stream = streamOf(mark.event.subject)
    const own = byStream.get(stream) ?? []
    byStream.set(stream, own)
    own.push(mark)
  }
  for (const [stream, own] of byStream) {
    const last = own.reduce((a, b) => (b.streamSeq > a.streamSeq ? b : a))
    await sql.$executeRawUnsafe(
      markPublishedSql,
      stream,
      bareColumn(own, ({ event }) => event.seq),
      bareColumn(own, ({ event }) => event.generation),
      ...[last.event.seq, last.streamSeq, messageId(last.event)],
    )
  }
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
