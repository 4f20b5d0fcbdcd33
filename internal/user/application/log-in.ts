import { Refusal } from '../../platform/refusal.ts'
import type { Account } from '../domain/account.ts'
import { readLogin } from '../domain/login.ts'
import { readPasswords, type Password } from '../domain/password.ts'
import type { Accounts } from './accounts.ts'
import type { Passwords } from './passwords.ts'

type Deps = {
  readonly accounts: Accounts
  readonly passwords: Passwords
  /** A hash of no password. Comparing with it takes as long as with a real one. */
  readonly decoyHash: string
}

export type Credentials = { readonly login: string; readonly password: string }

/**
 * Whatever is wrong, the same message is returned after the same number of hashes, so that nobody learns which logins
 * exist. The number depends on the password only: it is one, or up to three for one that can be written in several forms.
 */
export function logIn({ accounts, passwords, decoyHash }: Deps) {
  return async (credentials: Credentials): Promise<Account> => {
    const login = readLogin(credentials.login)
    const meant = readPasswords(credentials.password)
    const account = login && (await accounts.findByLogin(login))
    const canMatch = account !== undefined && meant.length > 0
    for (const password of meant.length > 0 ? meant : [decoyPassword]) {
      const matches = await passwords.matches(password, canMatch ? account.passwordHash : decoyHash)
      if (!canMatch || !matches) continue
      if (account.blockedAt) throw blocked()
      return account
    }
    throw new Refusal('unauthenticated', 'auth.bad-credentials', 'the login or the password is wrong')
  }
}

/** Only somebody who knows the password learns of it. */
const blocked = (): Refusal =>
  new Refusal('forbidden', 'auth.blocked', 'this account is blocked; ask the shop')

const decoyPassword = 'any password' as Password
