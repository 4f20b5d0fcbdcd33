import { requireSystem, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { resetPassword, verifyEmail } from '../domain/account-mail.ts'
import type { MailRequestId } from '../domain/mail-request.ts'
import { parsePassword, refuseGuessable, type IsCommon } from '../domain/password.ts'
import type { MailRequests, MailTokens, OpenMailRequest } from './mail-requests.ts'
import type { Passwords } from './passwords.ts'

type Deps = {
  readonly mailRequests: MailRequests
  readonly mailTokens: MailTokens
  readonly now: () => Date
}

type ResetDeps = Deps & { readonly passwords: Passwords; readonly isCommon: IsCommon }

/** Sets a new password for whoever got the mail, and ends all sessions: of whoever else is in the account. */
export function confirmPasswordReset({ mailRequests, mailTokens, passwords, isCommon, now }: ResetDeps) {
  return async (token: string, wanted: string, call: Call): Promise<void> => {
    const id = mailTokens.read('password-reset', token) ?? badResetToken()
    const { account } = (await mailRequests.findOpen(id, now())) ?? badResetToken()
    const password = parsePassword(wanted)
    refuseGuessable(password, { email: account.email, username: account.username }, isCommon)
    const passwordHash = await passwords.hash(password)
    const at = now()
    const changed = await mailRequests.spend(
      id,
      at,
      (seen) => resetPassword(seen, passwordHash, at),
      traceOf(call),
      { reason: 'password_reset', at },
    )
    if (!changed) badResetToken()
  }
}

export function confirmEmailVerification({ mailRequests, mailTokens, now }: Deps) {
  return async (token: string, call: Call): Promise<void> => {
    const id = mailTokens.read('email-verification', token) ?? badVerificationToken()
    const at = now()
    const changed = await mailRequests.spend(id, at, (seen) => verifyEmail(seen, at), traceOf(call))
    if (!changed) badVerificationToken()
  }
}

export type MailDescription = OpenMailRequest & { readonly token: string }

/** For the service that sends mails. */
export function describeMailRequest({ mailRequests, mailTokens, now }: Deps) {
  return async (id: MailRequestId, call: Call): Promise<MailDescription> => {
    requireSystem(call)
    const open = await mailRequests.findOpen(id, now())
    if (open) return { ...open, token: mailTokens.issue(open.request) }
    throw new Refusal(
      'not-found',
      'mail-request.not-found',
      'no mail is needed: it is used, replaced or expired',
    )
  }
}

function badResetToken(): never {
  throw new Refusal('invalid', 'auth.reset-token-invalid', 'this link is good no more; ask for another one')
}

function badVerificationToken(): never {
  throw new Refusal(
    'invalid',
    'auth.verification-token-invalid',
    'this link is good no more; ask for another one',
  )
}
