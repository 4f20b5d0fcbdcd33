import { traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { withMail } from '../domain/account-mail.ts'
import { openAccount, type Account, type UserId } from '../domain/account.ts'
import { parseEmail, parseUsername } from '../domain/login.ts'
import type { MailRequestId } from '../domain/mail-request.ts'
import { parsePassword, refuseGuessable, type IsCommon } from '../domain/password.ts'
import { parseProfile } from '../domain/profile.ts'
import type { Accounts } from './accounts.ts'
import type { Passwords } from './passwords.ts'
import { taken } from './taken.ts'

type Deps = {
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly isCommon: IsCommon
  readonly newUserId: () => UserId
  readonly newMailRequestId: () => MailRequestId
  readonly now: () => Date
}

export type Registration = {
  readonly username: string
  readonly email: string
  readonly password: string
  readonly name: string
  readonly phone: string
  readonly address: string
}

/** Everybody who registers becomes a customer, and gets a mail that verifies the address. Admins are made by the settings of the installation. */
export function registerUser({ accounts, passwords, isCommon, newUserId, newMailRequestId, now }: Deps) {
  return async (registration: Registration, call: Call): Promise<Done<Account>> => {
    const username = parseUsername(registration.username)
    const email = parseEmail(registration.email)
    const password = parsePassword(registration.password)
    refuseGuessable(password, { email, username }, isCommon)
    const profile = { name: '', phone: '', address: '', ...parseProfile(registration) }
    return doOnce(call.once, accounts.findByRequest, async () => {
      // This check only saves the work of hashing. The unique index decides, in `add`.
      if (await accounts.findByLogin({ email })) throw taken('email')
      if (await accounts.findByLogin({ username })) throw taken('username')
      const passwordHash = await passwords.hash(password)
      const account = {
        ...profile,
        id: newUserId(),
        username,
        email,
        role: 'customer',
        passwordHash,
      } as const
      const at = now()
      const mail = { id: newMailRequestId(), kind: 'email-verification' } as const
      return accounts.add(withMail(openAccount(account, at), mail, at), traceOf(call), call.once)
    })
  }
}
