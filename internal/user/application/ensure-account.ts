import type { Role, Trace } from '../../platform/call.ts'
import { changeAccess, openAccount, type Account, type UserId } from '../domain/account.ts'
import { parseEmail, type Email, type Username } from '../domain/login.ts'
import { parsePassword, refuseGuessable, type IsCommon, type Password } from '../domain/password.ts'
import type { Accounts } from './accounts.ts'
import { underFreeUsername } from './free-username.ts'
import type { Passwords } from './passwords.ts'

type Deps = {
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly isCommon: IsCommon
  readonly newUserId: () => UserId
  readonly now: () => Date
}

export type WantedAccount = { readonly email: string; readonly password: string; readonly role: Role }

/**
 * For an account that the settings name: creates it if it is missing, and gives it the password and role of the
 * settings.
 */
export function ensureAccount(deps: Deps) {
  return async (wanted: WantedAccount, trace: Trace): Promise<Account> => {
    const email = parseEmail(wanted.email)
    const password = parsePassword(wanted.password)
    refuseGuessable(password, { email }, deps.isCommon)
    const account = await deps.accounts.findByLogin({ email })
    if (!account) return add(deps, { email, password, role: wanted.role }, trace)
    const { passwordHash: hash } = account
    const isRight = hash !== undefined && (await deps.passwords.matches(password, hash))
    if (account.role === wanted.role && isRight) return account
    const access = { role: wanted.role, passwordHash: isRight ? hash : await deps.passwords.hash(password) }
    const change = (current: Account) => changeAccess(current, access, 'settings', deps.now())
    const ends = { reason: 'settings', at: deps.now() } as const
    return (await deps.accounts.update(account.id, change, trace, ends)) ?? account
  }
}

type Parsed = { readonly email: Email; readonly password: Password; readonly role: Role }

async function add(
  { accounts, passwords, newUserId, now }: Deps,
  parsed: Parsed,
  trace: Trace,
): Promise<Account> {
  const id = newUserId()
  const passwordHash = await passwords.hash(parsed.password)
  const profile = { name: '', phone: '', address: '' }
  const { email, role } = parsed
  const at = now()
  // Whoever runs the shop vouches for the address.
  const account = { ...profile, id, email, role, passwordHash, emailVerifiedAt: at }
  const addAs = (username: Username): Promise<Account> =>
    accounts.add(openAccount({ ...account, username }, at), trace)
  return underFreeUsername(account, addAs)
}
