import { requireAdmin, requirePermission, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { decideAccess, type Access, type Account, type UserId } from '../domain/account.ts'
import type { AccountFilter, Accounts, AccountsPage } from './accounts.ts'
import { unknownUser } from './get-user.ts'

type Deps = { readonly accounts: Accounts; readonly now: () => Date }

/** For staff: accounts, newest first. */
export function listUsers({ accounts }: Pick<Deps, 'accounts'>) {
  return async (filter: AccountFilter, call: Call): Promise<AccountsPage> => {
    requirePermission(call, 'customers:read')
    const query = filter.query?.trim().toLowerCase().normalize('NFC')
    return accounts.page({ ...filter, query: query === '' ? undefined : query })
  }
}

/**
 * Changes somebody's role and permissions, or blocks the account, which ends its sessions. Nobody changes the own access,
 * so an admin is always left. Staff may block customers, and nothing else.
 */
export function changeAccessOf({ accounts, now }: Deps) {
  return async (id: UserId, access: Access, call: Call): Promise<Account> => {
    requirePermission(call, 'customers:write')
    const { role, permissions, removesSecondFactor } = access
    if (role !== undefined || permissions !== undefined || removesSecondFactor) requireAdmin(call)
    if (call.actor?.kind === 'user' && call.actor.userId === id)
      throw new Refusal('conflict', 'user.own-access', 'another admin has to change your access')
    const at = now()
    const changed = await accounts.update(
      id,
      (account) => {
        if (account.role !== 'customer') requireAdmin(call)
        return decideAccess(account, access, at) ?? { state: account, events: [] }
      },
      traceOf(call),
      access.blocked === true ? { reason: 'blocked', at } : undefined,
    )
    return changed ?? unknownUser()
  }
}
