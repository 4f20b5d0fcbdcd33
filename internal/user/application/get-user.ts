import { requireUser, seesAll, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Account, UserId } from '../domain/account.ts'
import type { Accounts } from './accounts.ts'

/** Returns one's own account or, for admins, anybody's. */
export function getUser({ accounts }: { readonly accounts: Accounts }) {
  return async (id: UserId, call: Call): Promise<Account> => {
    if (!seesAll(call, 'customers:read') && requireUser(call).userId !== id)
      throw new Refusal('forbidden', 'auth.forbidden', "other people's accounts are for admins only")
    const account = await accounts.find(id)
    return account && !account.erasedAt ? account : unknownUser()
  }
}

export function unknownUser(): never {
  throw new Refusal('not-found', 'user.not-found', 'there is no such account')
}
