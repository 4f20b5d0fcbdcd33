import type { AccountChange } from '../domain/account.ts'
import type { Prisma } from './db/client.ts'

/** Stores and removes the identities that the change tells of, in its transaction. */
export async function storeIdentities(
  tx: Prisma.TransactionClient,
  { events }: AccountChange,
): Promise<void> {
  for (const event of events) {
    if (event.type === 'IdentityLinked')
      await tx.identity.create({ data: { ...event.identity, userId: event.account.id } })
    if (event.type === 'IdentityUnlinked') await tx.identity.delete({ where: { id: event.identity.id } })
  }
}
