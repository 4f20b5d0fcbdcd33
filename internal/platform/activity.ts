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
  values ($1::uuid, $2::timestamptz, $3, $4::uuid, $5, $6, $7, $8, $9, $10, $11)`

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
  for (const { what, subjectId, before, after, reason = '' } of acts) {
    const [id, at] = [newId(), new Date()]
    const changed = changedFields(before ?? {}, after ?? {})
    await tx.$executeRawUnsafe(
      insertSql,
      ...[id, at, by.kind, by.id, what, subjectId, changed.before, changed.after],
      ...[reason, by.address, trace.correlationId],
    )
    const fact = {
      ...{ aggregateType: 'activity', aggregateId: id, aggregateVersion: 1, occurredAt: at },
      data: {
        ...{ activityId: id, actorKind: by.kind, actorId: by.id, what, subjectId, at: at.toISOString() },
      },
    }
    await appendToOutbox(tx, [outboxEvent(recorded, fact, trace)])
  }
}
