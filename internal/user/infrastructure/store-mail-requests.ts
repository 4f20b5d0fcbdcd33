import type { AccountChange, UserId } from '../domain/account.ts'
import type { MailRequestKind } from '../domain/mail-request.ts'
import type { Prisma } from './db/client.ts'

// Written in the transaction of the change that has brought it about.

/** Stores the requests that the change tells of, each in place of the open one of its kind. */
export async function storeMailRequests(
  tx: Prisma.TransactionClient,
  { events }: AccountChange,
): Promise<void> {
  for (const event of events) {
    if (event.type !== 'MailRequested') continue
    const { request, account } = event
    await endMailRequests(tx, account.id, request.createdAt, request.kind)
    await tx.mailRequest.create({
      data: { ...request, userId: account.id, endedAt: request.endedAt ?? null },
    })
  }
}

/** Ends the open requests of an account: those of one kind, or all. */
export async function endMailRequests(
  tx: Prisma.TransactionClient,
  userId: UserId,
  at: Date,
  kind?: MailRequestKind,
): Promise<void> {
  const where = { userId, endedAt: null, ...(kind === undefined ? {} : { kind }) }
  await tx.mailRequest.updateMany({ where, data: { endedAt: at } })
}
