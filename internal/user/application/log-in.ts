import { Refusal } from '../../platform/refusal.ts'
import { blocked } from '../domain/account-identity.ts'
import type { Account } from '../domain/account.ts'
import { readLogin } from '../domain/login.ts'
import { readPasswords, type Password } from '../domain/password.ts'
import type { Accounts } from './accounts.ts'
import type { OtherDecoys, Passwords } from './passwords.ts'

type Deps = {
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly otherDecoys: OtherDecoys
  readonly rehash: (account: Account, password: Password) => void
}

export type Credentials = { readonly login: string; readonly password: string }

/**
 * Whatever is wrong, the same message is returned after the same hashes, so that nobody learns which logins exist: one of
 * each kind that accounts have. Their number depends on the password only, which can be written in up to three forms.
 */
export function logIn({ accounts, passwords, otherDecoys, rehash }: Deps) {
  return async (credentials: Credentials): Promise<Account> => {
    const login = readLogin(credentials.login)
    const meant = readPasswords(credentials.password)
    const account = login && (await accounts.findByLogin(login))
    const hash = meant.length > 0 ? account?.passwordHash : undefined
    const tried = meant.length > 0 ? meant : [decoyPassword]
    for (const password of tried) {
      if (account === undefined || hash === undefined || !(await passwords.matches(password, hash))) continue
      // Only somebody who knows the password learns of it.
      if (account.blockedAt) throw blocked()
      if (passwords.isOutdated(hash)) rehash(account, password)
      return account
    }
    for (const decoy of await otherDecoys(hash))
      for (const password of tried) await passwords.matches(password, decoy)
    throw new Refusal('unauthenticated', 'auth.bad-credentials', 'the login or the password is wrong')
  }
}

const decoyPassword = 'any password' as Password
