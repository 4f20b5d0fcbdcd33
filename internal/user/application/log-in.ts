import { Refusal } from '../../platform/refusal.ts'
import type { Account } from '../domain/account.ts'
import { readLogin } from '../domain/login.ts'
import { readPassword, type Password } from '../domain/password.ts'
import type { Accounts } from './accounts.ts'
import type { Passwords } from './passwords.ts'

type Deps = {
  readonly accounts: Accounts
  readonly passwords: Passwords
  /** A hash of no password. Comparing with it takes as long as with a real one. */
  readonly decoyHash: string
}

export type Credentials = { readonly login: string; readonly password: string }

/** Whatever is wrong, one hash is computed and the same message returned, so that nobody learns which logins exist. */
export function logIn({ accounts, passwords, decoyHash }: Deps) {
  return async (credentials: Credentials): Promise<Account> => {
    const login = readLogin(credentials.login)
    const password = readPassword(credentials.password)
    const account = login && (await accounts.findByLogin(login))
    const canMatch = account !== undefined && password !== undefined
    const matches = await passwords.matches(
      password ?? decoyPassword,
      canMatch ? account.passwordHash : decoyHash,
    )
    if (canMatch && matches) return account
    throw new Refusal('unauthenticated', 'auth.bad-credentials', 'the login or the password is wrong')
  }
}

const decoyPassword = 'any password' as Password
