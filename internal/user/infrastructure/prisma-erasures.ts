import { retryContention } from '../../platform/database.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { Erasures } from '../application/erasures.ts'
import type { UserId } from '../domain/account.ts'
import { erasingContexts } from '../domain/erasure.ts'
import type { Prisma, PrismaClient } from './db/client.ts'
import { endSessionsOf } from './end-sessions.ts'
import { changeAccount, lockAccount, storeErased } from './prisma-accounts.ts'

export function prismaErasures(db: PrismaClient, wakeProducer: WakeProducer): Erasures {
  return {
    async erase(id, decide, trace) {
      const state = await retryContention(() =>
        db.$transaction(async (tx) => {
          await lockAccount(tx, id)
          const otherAdmins = await lockOtherAdmins(tx, id)
          const erased = await changeAccount(tx, id, (account) => decide(account, otherAdmins), trace)
          if (!erased) return undefined
          await endSessionsOf(tx, id, { reason: 'erased', at: erased.updatedAt }, trace)
          await removeAllElse(tx, id)
          return erased
        }),
      )
      wakeProducer()
      return state
    },
    async unconfirmed(context, before, limit) {
      const rows = await db.erasure.findMany({
        where: { context, confirmedAt: null, erasedAt: { lte: before } },
        orderBy: [{ erasedAt: 'asc' }, { userId: 'asc' }],
        take: limit,
      })
      return rows.map(({ userId }) => userId as UserId)
    },
    async confirm(context, ids, decide, at, trace) {
      for (const id of [...ids].sort())
        await retryContention(() =>
          db.$transaction(async (tx) => {
            await lockAccount(tx, id)
            const open = { userId: id, context, confirmedAt: null }
            const { count } = await tx.erasure.updateMany({ where: open, data: { confirmedAt: at } })
            if (count > 0) await storeErased(tx, id, decide, trace)
          }),
        )
      wakeProducer()
    },
  }
}

/** Two admins who erase each other at once take turns, and the second one is the last. */
async function lockOtherAdmins(tx: Prisma.TransactionClient, id: UserId): Promise<number> {
  const rows = await tx.$queryRaw<unknown[]>`
    select 1 from users.accounts
    where role = 'admin' and blocked_at is null and erased_at is null and id <> ${id}::uuid
      and exists (select from users.accounts where id = ${id}::uuid and role = 'admin')
    for update`
  return rows.length
}

async function removeAllElse(tx: Prisma.TransactionClient, userId: UserId): Promise<void> {
  const ofThem = { where: { userId } }
  await tx.session.deleteMany(ofThem)
  await tx.identity.deleteMany(ofThem)
  await tx.savedAddress.deleteMany(ofThem)
  await tx.loginCode.deleteMany(ofThem)
  await tx.mailRequest.deleteMany(ofThem)
  // Whoever repeats the registration is not answered with an account that is nobody's.
  await tx.idempotencyKey.deleteMany({ where: { thing: userId } })
  const [account] = await tx.$queryRaw<{ erased_at: Date }[]>`
    select erased_at from users.accounts where id = ${userId}::uuid`
  const erasedAt = account?.erased_at ?? new Date()
  await tx.erasure.createMany({ data: erasingContexts.map((context) => ({ userId, context, erasedAt })) })
}
