import type { Trace } from '../../platform/call.ts'
import type { Sql } from '../../platform/database.ts'
import type { EndsSessions } from '../application/accounts.ts'
import type { Account, UserId } from '../domain/account.ts'
import type { ApiKeyId } from '../domain/api-key.ts'
import type { SessionId } from '../domain/session.ts'
import type { Prisma } from './db/client.ts'
import { tellSessions } from './session-events.ts'

// What gateways are told of, written in the transaction of whatever has ended.

/** Ends the sessions that go on, but for one, of the person whose account is locked. */
export async function endSessionsOf(
  tx: Prisma.TransactionClient,
  userId: UserId,
  { except, reason, at }: EndsSessions,
  trace: Trace,
): Promise<void> {
  const ended = await tx.$queryRawUnsafe<{ id: SessionId }[]>(
    `with ended as (
       update users.sessions set ended_at = $3::timestamptz, end_reason = $4
       where user_id = $1::uuid and ended_at is null and ($2::uuid is null or id <> $2::uuid) returning id
     ), told as (
       insert into users.endings (session_id) select id from ended
     )
     select id::text from ended order by id`,
    ...[userId, except ?? null, at.toISOString(), reason],
  )
  const told = ended.map(({ id }) => ({ id, reason, at }))
  await tellSessions(tx, userId, told, trace)
}

/** Ids of keys are no ids of sessions, so they are told in the same way. */
export async function tellEnded(
  tx: Pick<Sql, '$executeRawUnsafe'>,
  ended: SessionId | ApiKeyId,
): Promise<void> {
  await tx.$executeRawUnsafe('insert into users.endings (session_id) values ($1::uuid)', ended)
}

/** Tells that access tokens of older versions of the account are good no more. */
export async function tellRights(
  tx: Pick<Sql, '$executeRawUnsafe'>,
  { id, accessVersion }: Pick<Account, 'id' | 'accessVersion'>,
): Promise<void> {
  await tx.$executeRawUnsafe(
    'insert into users.endings (user_id, access_version) values ($1::uuid, $2)',
    ...[id, accessVersion],
  )
}
