import type { Trace } from '../../platform/call.ts'
import { changeAccess, type AccountChange, type Account } from '../domain/account.ts'
import { knownAccounts } from '../domain/known-accounts.ts'
import { parseEmail } from '../domain/login.ts'
import type { Password } from '../domain/password.ts'
import type { Accounts } from './accounts.ts'
import type { Passwords } from './passwords.ts'

type Deps = {
  readonly accounts: Accounts
  readonly passwords: Passwords
  /** A password that nobody knows. */
  readonly newPassword: () => Password
  readonly now: () => Date
}

/**
 * Takes the password and the role of each default account that still has the password that everybody knows. Its orders
 * stay. An account whose password was changed since is somebody's own. Returns the addresses of what it has locked.
 */
export function lockKnownAccounts({ accounts, passwords, newPassword, now }: Deps) {
  return async (trace: Trace): Promise<readonly string[]> => {
    const locked = []
    for (const { email, password } of knownAccounts) {
      const account = await accounts.findByLogin({ email: parseEmail(email) })
      // It need not be a password that somebody may choose today.
      const known = password as Password
      if (account?.passwordHash === undefined) continue
      if (!(await passwords.matches(known, account.passwordHash))) continue
      const access = { role: 'customer', passwordHash: await passwords.hash(newPassword()) } as const
      const lock = (current: Account): AccountChange =>
        current.passwordHash === account.passwordHash
          ? changeAccess(current, access, 'settings', now())
          : { state: current, events: [] }
      await accounts.update(account.id, lock, trace, { reason: 'settings', at: now() })
      locked.push(email)
    }
    return locked
  }
}
