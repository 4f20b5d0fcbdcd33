import type { PoolSql } from '../../../platform/pool-sql.ts'
import { bareColumn, textColumn, timeColumn } from '../../../platform/sql-columns.ts'
import type { PublishedEvent, StreamPosition, Webhooks } from '../../application/webhook-ports.ts'
import { patternsOf } from '../../domain/webhook-events.ts'

/** Each endpoint gets one delivery of each event that it wants and that happened after it was made. */
const fanOutSql = `
  insert into notifications.webhook_deliveries (id, endpoint_id, event_id, aggregate_id, type, occurred_at, data, status,
    attempts, failure, next_at, revision, created_at, updated_at)
  select gen_random_uuid(), e.id, v.id, v.aggregate_id, v.subject, v.occurred_at, v.data, 'queued', 0, '', $8, 1, $8, $8
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
    with ordinality as v(id, subject, family, everything, aggregate_id, occurred_at, data, place)
  join notifications.endpoints e
    on e.events && array[v.subject, v.family, v.everything] and v.occurred_at >= e.created_at
  order by v.place
  on conflict (event_id, endpoint_id) do nothing`

/** Up to where streams were read, stored together with what was queued of them. */
export function postgresPositions(sql: PoolSql): Pick<Webhooks, 'position' | 'begin' | 'forget' | 'advance'> {
  return {
    async position(stream) {
      type Position = Omit<StreamPosition, 'seq'> & { readonly seq: bigint }
      const [row] = await sql.$queryRawUnsafe<readonly Position[]>(
        'select stream, incarnation, seq, mark from notifications.stream_positions where stream = $1',
        stream,
      )
      return row && { ...row, seq: Number(row.seq) }
    },
    begin: async ({ stream, incarnation, seq, mark }) =>
      (await sql.$executeRawUnsafe(
        'insert into notifications.stream_positions (stream, incarnation, seq, mark) values ($1, $2, $3, $4) on conflict do nothing',
        ...[stream, incarnation, seq, mark],
      )) > 0,
    async forget(streams) {
      await sql.$executeRawUnsafe(
        'delete from notifications.stream_positions where stream = any($1::text[])',
        streams,
      )
    },
    advance: (from, to, events, at) =>
      sql.transaction(async (tx) => {
        const moved = await tx.$executeRawUnsafe(
          `update notifications.stream_positions set incarnation = $4, seq = $5, mark = $6
           where stream = $1 and incarnation = $2 and seq = $3`,
          ...[from.stream, from.incarnation, from.seq, to.incarnation, to.seq, to.mark],
        )
        if (moved === 0) return undefined
        return events.length === 0 ? 0 : tx.$executeRawUnsafe(fanOutSql, ...fanOutColumns(events), at)
      }),
  }
}

function fanOutColumns(events: readonly PublishedEvent[]): readonly string[] {
  const patterns = new Map(events.map(({ subject }) => [subject, patternsOf(subject)]))
  const patternOf = ({ subject }: PublishedEvent, index: number): string =>
    patterns.get(subject)?.[index] ?? subject
  return [
    bareColumn(events, ({ id }) => id),
    textColumn(events, ({ subject }) => subject),
    textColumn(events, (event) => patternOf(event, 1)),
    textColumn(events, (event) => patternOf(event, 2)),
    textColumn(events, ({ aggregateId }) => aggregateId),
    timeColumn(events, ({ occurredAt }) => occurredAt),
    textColumn(events, ({ data }) => data),
  ]
}
