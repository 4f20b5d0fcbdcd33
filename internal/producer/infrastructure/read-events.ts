import type { Sql } from '../../platform/database.ts'
import { bareColumn } from '../../platform/sql-columns.ts'
import type { Seq, StoredEvent } from '../domain/stored-event.ts'

export type DueRow = {
  readonly seq: bigint
  readonly occurred_at: Date
  readonly generation: number
  readonly attempts: number
}

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
}

/**
 * `occurred_at` is the partition key. With these bounds PostgreSQL reads only the partitions of the days that matter.
 */
const eventsSql = `
  select seq, id, aggregate_type, aggregate_id, aggregate_version, subject, type, data, correlation_id, causation_id,
    traceparent
  from producer.outbox
  where seq = any($1::bigint[]) and occurred_at between $2 and $3
  order by seq`

/** This is a second statement because PostgreSQL would join the two tables by comparing each row with each. */
export async function readEvents(sql: Sql, due: readonly DueRow[]): Promise<readonly StoredEvent[]> {
  const times = due.map(({ occurred_at }) => occurred_at.getTime())
  const rows = await sql.$queryRawUnsafe<EventRow[]>(
    eventsSql,
    bareColumn(due, ({ seq }) => seq),
    new Date(Math.min(...times)),
    new Date(Math.max(...times)),
  )
  const dueBySeq = new Map(due.map((row) => [row.seq, row]))
  return rows.flatMap((row) => {
    const found = dueBySeq.get(row.seq)
    return found ? [fromRow(row, found)] : []
  })
}

function fromRow(row: EventRow, due: DueRow): StoredEvent {
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
    occurredAt: due.occurred_at,
    generation: due.generation,
    attempts: due.attempts,
  }
}
