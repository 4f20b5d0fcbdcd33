import { requireUser, traceOf, type Call } from '../../platform/call.ts'
import { doOnce } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import { changeAccess, type Account, type UserId } from '../domain/account.ts'
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
export function changePassword(deps: Deps) {
  return (change: PasswordChange, call: Call): Promise<{ readonly isReplay: boolean }> =>
    doOnce<unknown>(call.once, deps.accounts.findByRequest, () => changeOnce(deps, change, call))
}

async function changeOnce(
  deps: Deps,
  { current, wanted, sessionId }: PasswordChange,
  call: Call,
): Promise<void> {
  const id = requireUser(call).userId as UserId
  const account = (await deps.accounts.find(id)) ?? unknownUser()
  const password = parsePassword(wanted)
  refuseGuessable(password, { email: account.email, username: account.username }, deps.isCommon)
  if (!(await isPasswordOf(deps.passwords, current, account.passwordHash))) throw wrongPassword()
  const passwordHash = await deps.passwords.hash(password)
  if (await replaceHash(deps, account, passwordHash, sessionId, call)) return
  // It was replaced since it was compared, maybe by the same password with today's kind of hash.
  const now = (await deps.accounts.find(id)) ?? unknownUser()
  if (!(await isPasswordOf(deps.passwords, current, now.passwordHash))) throw wrongPassword()
  if (!(await replaceHash(deps, now, passwordHash, sessionId, call))) throw wrongPassword()
}

/** False when the password is another one than it was in `seen`. */
async function replaceHash(
  { accounts, now }: Deps,
  seen: Account,
  passwordHash: string,
  sessionId: SessionId,
  call: Call,
): Promise<boolean> {
  const at = now()
  try {
    await accounts.update(
      seen.id,
      (account) => {
        if (account.passwordHash !== seen.passwordHash) throw wrongPassword()
        return changeAccess(account, { passwordHash, role: account.role }, 'owner', at)
      },
      traceOf(call),
      { except: sessionId, reason: 'password_changed', at },
      call.once,
    )
    return true
  } catch (err) {
    if (err instanceof Refusal && err.code === 'user.wrong-password') return false
    throw err
  }
}

export async function isPasswordOf(
  passwords: Passwords,
  text: string,
  hash: string | undefined,
): Promise<boolean> {
  if (hash === undefined)
    throw new Refusal(
      'conflict',
      'user.no-password',
      'this account has no password; a password reset sets one',
    )
  for (const meant of readPasswords(text)) if (await passwords.matches(meant, hash)) return true
  return false
}

export const wrongPassword = (): Refusal =>
  new Refusal('forbidden', 'user.wrong-password', 'the current password is another one')
