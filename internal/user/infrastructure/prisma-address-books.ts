import { retryContention } from '../../platform/database.ts'
import { claimKey, findKey } from '../../platform/idempotency-keys.ts'
import type { AddressBooks } from '../application/address-books.ts'
import type { UserId } from '../domain/account.ts'
import type { Address, AddressBook, AddressId, SavedAddress } from '../domain/address-book.ts'
import type { Prisma, PrismaClient } from './db/client.ts'

export function prismaAddressBooks(db: PrismaClient): AddressBooks {
  return {
    ofUser: (userId) => bookOf(db, userId),
    update: (userId, decide, request) =>
      retryContention(() =>
        db.$transaction(async (tx) => {
          if (!(await lockLiving(tx, userId))) return undefined
          const seen = await bookOf(tx, userId)
          const book = decide(seen)
          await claimKey(tx, 'users', request?.once, request?.made ?? '')
          await store(tx, userId, seen, book)
          return book
        }),
      ),
    async findByRequest(once) {
      return (await findKey(db, 'users', once)) as AddressId | undefined
    },
  }
}

/** Whoever still has a token of an erased account must not store anything of the person again. */
async function lockLiving(tx: Prisma.TransactionClient, userId: UserId): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    select 1 from users.accounts where id = ${userId}::uuid and erased_at is null for update`
  return rows.length > 0
}

/** What has changed is written anew, after what is gone, so that no two are the default in between. */
async function store(
  tx: Prisma.TransactionClient,
  userId: UserId,
  seen: AddressBook,
  book: AddressBook,
): Promise<void> {
  const gone = seen.filter((each) => !book.includes(each)).map(({ id }) => id)
  const changed = book.filter((each) => !seen.includes(each))
  if (gone.length > 0) await tx.savedAddress.deleteMany({ where: { userId, id: { in: gone } } })
  if (changed.length > 0)
    await tx.savedAddress.createMany({ data: changed.map((each) => ({ ...each, userId })) })
}

async function bookOf(db: Pick<PrismaClient, 'savedAddress'>, userId: UserId): Promise<AddressBook> {
  const rows = await db.savedAddress.findMany({ where: { userId }, orderBy: { id: 'asc' } })
  return rows.map(({ userId: _, id, address, ...rest }): SavedAddress => {
    // Stored values went through the parser before, so they are trusted.
    return { ...rest, id: id as AddressId, address: address as unknown as Address }
  })
}
