import { SessionRevokedSchema, SessionStartedSchema } from '../../gen/user/v1/events_pb.ts'
import type { Trace } from '../../platform/call.ts'
import { eventType } from '../../platform/event.ts'
import { appendToOutbox, outboxEvent, type OutboxEvent } from '../../platform/outbox.ts'
import type { UserId } from '../domain/account.ts'
import type { EndReason, SessionId } from '../domain/session.ts'
import type { Prisma } from './db/client.ts'

/** What is told of a session: that it began or, with a reason, that it has ended. */
export type ToldSession = {
  readonly id: SessionId
  readonly reason: EndReason | undefined
  readonly at: Date
}

const started = eventType(SessionStartedSchema)
const revoked = eventType(SessionRevokedSchema)

/** Tells it in the transaction of the change. The account counts it, because sessions are forgotten before their events. */
export async function tellSessions(
  tx: Prisma.TransactionClient,
  userId: UserId,
  told: readonly ToldSession[],
  trace: Trace,
): Promise<void> {
  const last = told.at(-1)
  if (!last) return
  const [account] = await tx.$queryRaw<{ before: number }[]>`
    update users.accounts set session_version = session_version + ${told.length}, last_session_at = ${last.at}
    where id = ${userId}::uuid returning session_version - ${told.length} as before`
  if (!account) throw new Error(`the session of ${userId} is nobody's`)
  await appendToOutbox(
    tx,
    told.map((each, index) => encodeSessionEvent(userId, account.before + index + 1, each, trace)),
  )
}

export function encodeSessionEvent(
  userId: UserId,
  version: number,
  { id: sessionId, reason, at }: ToldSession,
  trace: Trace,
): OutboxEvent {
  const fact = { aggregateType: 'sessions', aggregateId: userId, aggregateVersion: version, occurredAt: at }
  return reason === undefined
    ? outboxEvent(started, { ...fact, data: { userId, sessionId } }, trace)
    : outboxEvent(revoked, { ...fact, data: { userId, sessionId, reason } }, trace)
}
