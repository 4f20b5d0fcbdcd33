import { requireUser, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { changeAccess, type UserId } from '../domain/account.ts'
import { parsePassword, readPasswords, refuseGuessable, type IsCommon } from '../domain/password.ts'
import type { SessionId } from '../domain/session.ts'
import type { Accounts } from './accounts.ts'
import { unknownUser } from './get-user.ts'
import type { Passwords } from './passwords.ts'

type Deps = {
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly isCommon: IsCommon
  readonly now: () => Date
}

export type PasswordChange = {
  readonly current: string
  readonly wanted: string
  /** The session that goes on. */
  readonly sessionId: SessionId
}

/** Changes the caller's own password, and ends all other sessions: of whoever else knows the old one. */
export function changePassword({ accounts, passwords, isCommon, now }: Deps) {
  return async ({ current, wanted, sessionId }: PasswordChange, call: Call): Promise<void> => {
    const id = requireUser(call).userId as UserId
    const account = (await accounts.find(id)) ?? unknownUser()
    const password = parsePassword(wanted)
    refuseGuessable(password, { email: account.email, username: account.username }, isCommon)
    if (!(await isPasswordOf(passwords, current, account.passwordHash))) throw wrongPassword()
    const passwordHash = await passwords.hash(password)
    await accounts.update(
      id,
      (seen) => {
        // Somebody else has changed it since it was compared.
        if (seen.passwordHash !== account.passwordHash) throw wrongPassword()
        return changeAccess(seen, { passwordHash, role: seen.role }, now())
      },
      traceOf(call),
      { except: sessionId, at: now() },
    )
  }
}

async function isPasswordOf(passwords: Passwords, text: string, hash: string): Promise<boolean> {
  for (const meant of readPasswords(text)) if (await passwords.matches(meant, hash)) return true
  return false
}

const wrongPassword = (): Refusal =>
  new Refusal('forbidden', 'user.wrong-password', 'the current password is another one')
