import { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { Accounts } from '../application/accounts.ts'
import type { AddressBooks } from '../application/address-books.ts'
import type { UserId } from '../domain/account.ts'
import type { AddressBook, AddressId } from '../domain/address-book.ts'

/** Saved addresses in memory. They pass the same contract suite as the real ones. */
export function fakeAddressBooks(accounts: Pick<Accounts, 'find'>): AddressBooks {
  const books = new Map<UserId, AddressBook>()
  const keys = keysInMemory()
  const ofUser = (userId: UserId): AddressBook => books.get(userId) ?? []
  return {
    ofUser: async (userId) => ofUser(userId),
    async update(userId, decide, request) {
      const account = await accounts.find(userId)
      if (!account || account.erasedAt) return undefined
      const book = decide(ofUser(userId))
      keys.claim(request?.once, request?.made ?? '')
      books.set(userId, book)
      return book
    },
    findByRequest: async (once) => keys.find(once) as AddressId | undefined,
  }
}
