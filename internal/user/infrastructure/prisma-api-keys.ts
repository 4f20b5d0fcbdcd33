import { createHash, randomBytes } from 'node:crypto'
import { recordActs } from '../../platform/activity.ts'
import { claimKey, findKey } from '../../platform/idempotency-keys.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import { isPermission } from '../../platform/permissions.ts'
import type { ApiKeys } from '../application/api-keys.ts'
import type { UserId } from '../domain/account.ts'
import { apiKeyNotFound, type ApiKey, type ApiKeyId } from '../domain/api-key.ts'
import type { PrismaClient } from './db/client.ts'
import { tellEnded } from './end-sessions.ts'

const secretBytes = 32

/** Begins with what tells it from a token, and what scanners of published code look for. */
export const newSecret = (): string => `tsk_${randomBytes(secretBytes).toString('base64url')}`

/** A key is random and long, so that nobody finds it by its digest, however fast that is made. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

export function prismaApiKeys(db: PrismaClient, wakeProducer: WakeProducer): ApiKeys {
  return {
    async add(key, keyHash, trace, once) {
      await db.$transaction(async (tx) => {
        await claimKey(tx, 'users', once, key.id)
        await tx.apiKey.create({ data: { ...toRow(key), keyHash } })
        await recordActs(tx, trace, [{ what: 'api-key.created', subjectId: key.id, after: factsOf(key) }])
      })
      wakeProducer()
    },
    async findByRequest(once) {
      const id = await findKey(db, 'users', once)
      if (id === undefined) return undefined
      const row = await db.apiKey.findUnique({ where: { id } })
      if (!row) throw apiKeyNotFound()
      return fromRow(row)
    },
    async findByHash(keyHash) {
      const row = await db.apiKey.findUnique({ where: { keyHash } })
      return row ? fromRow(row) : undefined
    },
    list: async (take) => (await db.apiKey.findMany({ orderBy: { id: 'desc' }, take })).map(fromRow),
    async remove(id, trace) {
      const isRemoved = await db.$transaction(async (tx) => {
        const row = await tx.apiKey.findUnique({ where: { id } })
        const { count } = await tx.apiKey.deleteMany({ where: { id } })
        if (!row || count === 0) return false
        await tellEnded(tx, id)
        await recordActs(tx, trace, [
          { what: 'api-key.deleted', subjectId: id, before: factsOf(fromRow(row)) },
        ])
        return true
      })
      wakeProducer()
      return isRemoved
    },
    async noteUse(id, lastUsedAt) {
      await db.apiKey.updateMany({ where: { id }, data: { lastUsedAt } })
    },
  }
}

const factsOf = ({ name, scopes, expiresAt }: ApiKey) => ({ name, scopes, expiresAt })

type Row = Omit<ApiKey, 'id' | 'scopes' | 'createdBy' | 'expiresAt' | 'lastUsedAt'> & {
  readonly id: string
  readonly scopes: readonly string[]
  readonly createdBy: string
  readonly expiresAt: Date | null
  readonly lastUsedAt: Date | null
}

const toRow = (key: ApiKey) => ({
  ...{ id: key.id, name: key.name, scopes: [...key.scopes], createdBy: key.createdBy },
  ...{ createdAt: key.createdAt, expiresAt: key.expiresAt ?? null, lastUsedAt: key.lastUsedAt ?? null },
})

const fromRow = ({ id, name, scopes, createdBy, createdAt, expiresAt, lastUsedAt }: Row): ApiKey => ({
  ...{ id: id as ApiKeyId, name, createdBy: createdBy as UserId, createdAt },
  scopes: scopes.filter(isPermission), // one of an earlier version may be gone
  ...{ expiresAt: expiresAt ?? undefined, lastUsedAt: lastUsedAt ?? undefined },
})
