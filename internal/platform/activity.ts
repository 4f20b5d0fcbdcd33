import { ActivityRecordedSchema } from '../gen/activity/v1/events_pb.ts'
import { changedFields, type Act } from './act.ts'
import type { Trace } from './call.ts'
import type { Sql } from './database.ts'
import { eventType } from './event.ts'
import { newId } from './new-id.ts'
import { appendToOutbox, outboxEvent } from './outbox.ts'

const recorded = eventType(ActivityRecordedSchema)

const insertSql = `
  insert into producer.activity
    (id, at, actor_kind, actor_id, what, subject_id, before, after, reason, address, correlation_id)
  select id, at, $2, $3::uuid, what, "subjectId", before, after, reason, $4, $5
  from jsonb_to_recordset($1::jsonb) as act (
    id uuid, at timestamptz, what text, "subjectId" text, before text, after text, reason text
  )`

/**
 * Writes what staff, an admin or an API key did into the log, in the transaction of the change. What customers and our
 * own processes do is not logged: then this does nothing.
 */
export async function recordActs(
  tx: Pick<Sql, '$executeRawUnsafe'>,
  { by, ...trace }: Trace,
  acts: readonly Act[],
): Promise<void> {
  if (!by) return
  if (acts.length === 0) return
  const rows = acts.map(({ what, subjectId, before, after, reason = '' }) => ({
    ...{ id: newId(), at: new Date(), what, subjectId, reason },
    ...changedFields(before ?? {}, after ?? {}),
  }))
  const actor = [by.kind, by.id, by.address]
  await tx.$executeRawUnsafe(insertSql, JSON.stringify(rows), ...actor, trace.correlationId)
  const events = rows.map(({ id, at, what, subjectId }) => {
    const fact = { aggregateType: 'activity', aggregateId: id, aggregateVersion: 1, occurredAt: at }
    const data = { activityId: id, actorKind: by.kind, actorId: by.id, what, subjectId, at: at.toISOString() }
    return outboxEvent(recorded, { ...fact, data }, trace)
  })
  await appendToOutbox(tx, events)
}
