import { Refusal } from '../../platform/refusal.ts'
import { alsoTell, tellUpdate, type Account, type AccountChange } from './account.ts'
import type { Identity } from './identity.ts'

export const blocked = (): Refusal =>
  new Refusal('forbidden', 'auth.blocked', 'this account is blocked; ask the shop')

/** Adds to a change that the account's owner logs in by this identity too. */
export function withIdentity(change: AccountChange, identity: Identity): AccountChange {
  return alsoTell(change, identity.createdAt, (account) => ({ type: 'IdentityLinked', account, identity }))
}

/**
 * Links an identity whose provider has verified the account's e-mail address. When the account itself has not, anybody may
 * have registered it under somebody else's address and be waiting for them to use it: so its password opens it no more, and
 * its second factor locks nobody out. Whoever links it has to end its sessions as well.
 */
export function linkIdentity(account: Account, identity: Identity): AccountChange {
  if (account.blockedAt) throw blocked()
  const at = identity.createdAt
  const isTheirs = account.emailVerifiedAt !== undefined
  const state: Account = {
    ...account,
    passwordHash: isTheirs ? account.passwordHash : undefined,
    secondFactor: isTheirs ? account.secondFactor : undefined,
    emailVerifiedAt: account.emailVerifiedAt ?? at,
    version: account.version + 1,
    updatedAt: at,
  }
  const linked = withIdentity(tellUpdate(account, { state, events: [] }, at), identity)
  if (state.passwordHash === account.passwordHash) return linked
  return alsoTell(linked, at, (told) => ({ type: 'PasswordChanged', account: told, by: 'identity' }))
}

/** Refuses to close the only way into an account. */
export function unlinkIdentity(
  account: Account,
  identities: readonly Identity[],
  { id }: Pick<Identity, 'id'>,
  at: Date,
): AccountChange {
  const identity = identities.find((known) => known.id === id)
  if (!identity) throw new Refusal('not-found', 'identity.not-found', 'you have no such identity')
  if (account.passwordHash === undefined && identities.length === 1)
    throw new Refusal(
      'conflict',
      'user.last-login',
      'it is the only way into this account; set a password first, by a password reset',
    )
  return alsoTell({ state: account, events: [] }, at, (told) => {
    return { type: 'IdentityUnlinked', account: told, identity }
  })
}
