import { retryContention } from '../../platform/database.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { Identities, LoginCodes } from '../application/identities.ts'
import type { UserId } from '../domain/account.ts'
import type { Identity, IdentityId } from '../domain/identity.ts'
import type { PrismaClient } from './db/client.ts'
import { changeAccount, findAccountRow, lockAccount } from './prisma-accounts.ts'

export function prismaIdentities(db: PrismaClient, wakeProducer: WakeProducer): Identities {
  return {
    async find({ issuer, subject }) {
      const row = await db.identity.findUnique({ where: { issuer_subject: { issuer, subject } } })
      return row ? findAccountRow(db, row.userId as UserId) : undefined
    },
    ofUser: (userId) => identitiesOf(db, userId),
    async update(userId, decide, trace) {
      const account = await retryContention(() =>
        db.$transaction(async (tx) => {
          await lockAccount(tx, userId)
          const identities = await identitiesOf(tx, userId)
          return changeAccount(tx, userId, (seen) => decide(seen, identities), trace)
        }),
      )
      wakeProducer()
      return account
    },
  }
}

export function prismaLoginCodes(db: PrismaClient): LoginCodes {
  return {
    async add(digest, userId, expiresAt) {
      await db.loginCode.create({ data: { digest, userId, expiresAt } })
    },
    async look(digest, at) {
      const row = await db.loginCode.findUnique({ where: { digest } })
      return row && row.expiresAt > at ? (row.userId as UserId) : undefined
    },
    async take(digest, at) {
      const rows = await db.$queryRaw<{ user_id: string; expires_at: Date }[]>`
        delete from users.login_codes where digest = ${digest} returning user_id::text, expires_at`
      const [taken] = rows
      return taken && taken.expires_at > at ? (taken.user_id as UserId) : undefined
    },
    async forget(before) {
      await db.loginCode.deleteMany({ where: { expiresAt: { lt: before } } })
    },
  }
}

async function identitiesOf(
  db: Pick<PrismaClient, 'identity'>,
  userId: UserId,
): Promise<readonly Identity[]> {
  const rows = await db.identity.findMany({
    where: { userId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  return rows.map(({ id, provider, issuer, subject, createdAt }) => ({
    ...{ id: id as IdentityId, provider, issuer, subject, createdAt },
  }))
}
