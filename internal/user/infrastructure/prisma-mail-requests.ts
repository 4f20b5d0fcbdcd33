import { retryContention } from '../../platform/database.ts'
import { claimKey } from '../../platform/idempotency-keys.ts'
import type { WakeProducer } from '../../platform/outbox.ts'
import type { MailRequests } from '../application/mail-requests.ts'
import type { UserId } from '../domain/account.ts'
import { isOpen, type MailRequest, type MailRequestId, type MailRequestKind } from '../domain/mail-request.ts'
import type { PrismaClient } from './db/client.ts'
import { changeAccount, findAccountRow, lockAccount } from './prisma-accounts.ts'

export function prismaMailRequests(db: PrismaClient, wakeProducer: WakeProducer): MailRequests {
  return {
    async ask(userId, { kind, since }, decide, trace, once) {
      await retryContention(() =>
        db.$transaction(async (tx) => {
          await lockAccount(tx, userId)
          await claimKey(tx, 'users', once, userId)
          const count = await tx.mailRequest.count({ where: { userId, kind, createdAt: { gt: since } } })
          await changeAccount(tx, userId, (account) => decide(account, count), trace)
        }),
      )
      wakeProducer()
    },
    async findOpen(id, at) {
      const row = await db.mailRequest.findUnique({ where: { id } })
      if (!row) return undefined
      const request = fromRow(row)
      const account = await findAccountRow(db, row.userId as UserId)
      return account && isOpen(request, at) ? { request, account } : undefined
    },
    async spend(id, at, decide, trace, ends) {
      const account = await retryContention(() =>
        db.$transaction(async (tx) => {
          const found = await tx.mailRequest.findUnique({ where: { id }, select: { userId: true } })
          if (!found) return undefined
          const userId = found.userId as UserId
          await lockAccount(tx, userId)
          // Whatever ends a request holds that lock.
          const row = await tx.mailRequest.findUnique({ where: { id } })
          if (!row || !isOpen(fromRow(row), at)) return undefined
          await tx.mailRequest.update({ where: { id }, data: { endedAt: at } })
          return changeAccount(tx, userId, decide, trace, ends)
        }),
      )
      wakeProducer()
      return account
    },
    async forget(before) {
      await db.mailRequest.deleteMany({ where: { expiresAt: { lt: before } } })
    },
  }
}

type Row = Omit<MailRequest, 'id' | 'kind' | 'endedAt'> & {
  readonly id: string
  readonly userId: string
  readonly kind: string
  readonly endedAt: Date | null
}

/** Stored values were decided by the domain, so they are trusted. */
const fromRow = ({ id, kind, createdAt, expiresAt, endedAt }: Row): MailRequest => ({
  ...{ id: id as MailRequestId, kind: kind as MailRequestKind, createdAt, expiresAt },
  endedAt: endedAt ?? undefined,
})
