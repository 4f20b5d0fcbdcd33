import type { Role, Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { changeAccess, openAccount, type Account, type UserId } from '../domain/account.ts'
import { parseEmail, parseUsername, type Email, type Username } from '../domain/login.ts'
import { parsePassword, type Password } from '../domain/password.ts'
import type { Accounts } from './accounts.ts'
import type { Passwords } from './passwords.ts'

type Deps = {
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly newUserId: () => UserId
  readonly now: () => Date
}

export type WantedAccount = { readonly email: string; readonly password: string; readonly role: Role }

/** An account that the installation's settings name: made when missing, given that password and role when it has others. */
export function ensureAccount(deps: Deps) {
  return async (wanted: WantedAccount, trace: Trace): Promise<Account> => {
    const email = parseEmail(wanted.email)
    const password = parsePassword(wanted.password)
    const account = await deps.accounts.findByLogin({ email })
    if (!account) return add(deps, { email, password, role: wanted.role }, trace)
    if (account.role === wanted.role && (await deps.passwords.matches(password, account.passwordHash)))
      return account
    const access = { role: wanted.role, passwordHash: await deps.passwords.hash(password) }
    const change = (current: Account) => changeAccess(current, access, deps.now())
    return (await deps.accounts.update(account.id, change, trace)) ?? account
  }
}

type Parsed = { readonly email: Email; readonly password: Password; readonly role: Role }

/** Named as the e-mail address begins, or by the id where that name is taken or is none. */
async function add(
  { accounts, passwords, newUserId, now }: Deps,
  parsed: Parsed,
  trace: Trace,
): Promise<Account> {
  const id = newUserId()
  const passwordHash = await passwords.hash(parsed.password)
  const profile = { name: '', phone: '', address: '' }
  const { email, role } = parsed
  const addAs = (username: Username): Promise<Account> =>
    accounts.add(openAccount({ ...profile, id, username, email, role, passwordHash }, now()), trace)
  try {
    return await addAs(parseUsername(email.slice(0, email.indexOf('@'))))
  } catch (err) {
    const isAboutName = err instanceof Refusal && err.code.startsWith('user.username-')
    if (!isAboutName) throw err
    return addAs(parseUsername(`${role}-${id}`))
  }
}
