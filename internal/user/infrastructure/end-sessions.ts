import type { Sql } from '../../platform/database.ts'
import type { Account, UserId } from '../domain/account.ts'
import type { ApiKeyId } from '../domain/api-key.ts'
import type { SessionId } from '../domain/session.ts'

// What gateways are told of, written in the transaction of whatever has ended.

/** Ends the person's sessions that go on, but for one. */
export async function endSessionsOf(
  tx: Pick<Sql, '$executeRawUnsafe'>,
  userId: UserId,
  except: SessionId | undefined,
  at: Date,
): Promise<void> {
  await tx.$executeRawUnsafe(
    `with ended as (
       update users.sessions set ended_at = $3::timestamptz
       where user_id = $1::uuid and ended_at is null and ($2::uuid is null or id <> $2::uuid) returning id
     )
     insert into users.endings (session_id) select id from ended`,
    ...[userId, except ?? null, at.toISOString()],
  )
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
