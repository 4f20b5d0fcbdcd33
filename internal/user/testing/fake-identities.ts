import type { Accounts } from '../application/accounts.ts'
import type { Identities, LoginCodes } from '../application/identities.ts'
import type { AccountChange, UserId } from '../domain/account.ts'
import type { Identity } from '../domain/identity.ts'

export type FakeIdentities = {
  readonly identities: Identities
  /** What the store of accounts does in the transaction of a change. */
  readonly store: (change: AccountChange) => void
  readonly forgetUser: (userId: UserId) => void
}

/** Identities in memory. They pass the same contract suite as the real ones. */
export function fakeIdentities(accounts: Pick<Accounts, 'find' | 'update'>): FakeIdentities {
  const stored: { readonly userId: UserId; readonly identity: Identity }[] = []
  const isSame = (one: Identity, other: Pick<Identity, 'issuer' | 'subject'>): boolean =>
    one.issuer === other.issuer && one.subject === other.subject
  const ofUser = (userId: UserId): readonly Identity[] =>
    stored.filter((one) => one.userId === userId).map(({ identity }) => identity)

  function store({ events }: AccountChange): void {
    for (const event of events) {
      if (event.type === 'IdentityLinked') {
        if (stored.some(({ identity }) => isSame(identity, event.identity)))
          throw new Error('it is linked already')
        stored.push({ userId: event.account.id, identity: event.identity })
      }
      if (event.type === 'IdentityUnlinked')
        stored.splice(
          stored.findIndex(({ identity }) => identity.id === event.identity.id),
          1,
        )
    }
  }

  return {
    store,
    forgetUser(userId) {
      for (let index = stored.length - 1; index >= 0; index--)
        if (stored[index]?.userId === userId) stored.splice(index, 1)
    },
    identities: {
      async find(wanted) {
        const found = stored.find(({ identity }) => isSame(identity, wanted))
        return found && accounts.find(found.userId)
      },
      ofUser: async (userId) => ofUser(userId),
      update: (userId, decide, trace) =>
        accounts.update(userId, (account) => decide(account, ofUser(userId)), trace),
    },
  }
}

export type FakeLoginCodes = LoginCodes & { readonly forgetUser: (userId: UserId) => void }

export function fakeLoginCodes(): FakeLoginCodes {
  const stored = new Map<string, { readonly userId: UserId; readonly expiresAt: Date }>()
  return {
    async add(digest, userId, expiresAt) {
      stored.set(digest, { userId, expiresAt })
    },
    async look(digest, at) {
      const found = stored.get(digest)
      return found && found.expiresAt > at ? found.userId : undefined
    },
    async take(digest, at) {
      const taken = stored.get(digest)
      stored.delete(digest)
      return taken && taken.expiresAt > at ? taken.userId : undefined
    },
    async forget(before) {
      for (const [digest, { expiresAt }] of stored) if (expiresAt < before) stored.delete(digest)
    },
    forgetUser(userId) {
      for (const [digest, code] of stored) if (code.userId === userId) stored.delete(digest)
    },
  }
}
