import { randomBytes } from 'node:crypto'
import type { Sql } from '../../platform/database.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import type { PreferenceStore } from '../application/ports.ts'
import type { UserId } from '../domain/delivery.ts'
import { isChannel, isKind } from '../domain/kinds.ts'
import { isLanguage } from '../domain/language.ts'
import { noPreferences, type Preferences } from '../domain/preferences.ts'

type Row = {
  readonly user_id: UserId
  readonly language: string | null
  readonly muted: readonly string[]
}

const findSql =
  'select user_id, language, muted from notifications.preferences where user_id = any($1::uuid[])'

export function postgresPreferences(sql: PoolSql): PreferenceStore {
  return {
    async find(userIds) {
      if (userIds.length === 0) return new Map()
      const rows = await sql.$queryRawUnsafe<readonly Row[]>(findSql, userIds)
      return new Map(rows.map((row) => [row.user_id, preferencesFrom(row)]))
    },
    update: (userId, choose, at) =>
      sql.transaction(async (tx) => {
        await tx.$executeRawUnsafe(
          'insert into notifications.preferences (user_id, updated_at) values ($1::uuid, $2) on conflict do nothing',
          ...[userId, at],
        )
        const [row] = await tx.$queryRawUnsafe<readonly Row[]>(`${findSql} for update`, [userId])
        const after = choose(row ? preferencesFrom(row) : noPreferences)
        await tx.$executeRawUnsafe(
          'update notifications.preferences set language = $2, muted = $3::jsonb, updated_at = $4 where user_id = $1::uuid',
          ...[userId, after.language ?? null, JSON.stringify(mutedTexts(after)), at],
        )
        return after
      }),
  }
}

const mutedTexts = ({ muted }: Preferences): readonly string[] =>
  muted.map(({ kind, channel }) => `${kind} ${channel}`)

/** A kind of an earlier version that there is no more is left out. */
const preferencesFrom = ({ language, muted }: Row): Preferences => ({
  language: language !== null && isLanguage(language) ? language : undefined,
  muted: muted.flatMap((text) => {
    const [kind = '', channel = ''] = text.split(' ')
    return isKind(kind) && isChannel(channel) ? [{ kind, channel }] : []
  }),
})

/** Made by whoever needs it first, and the same for all replicas. */
export async function linkSecret(sql: Sql): Promise<Buffer> {
  await sql.$executeRawUnsafe(
    `insert into notifications.secrets (name, secret) values ('links', $1) on conflict do nothing`,
    randomBytes(32),
  )
  const [row] = await sql.$queryRawUnsafe<readonly { readonly secret: Buffer }[]>(
    `select secret from notifications.secrets where name = 'links'`,
  )
  if (!row) throw new Error('the secret of links is not there')
  return row.secret
}
