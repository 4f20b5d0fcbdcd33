import { requireUser, traceOf, type Call, type Once, type Trace } from '../../platform/call.ts'
import { doOnce } from '../../platform/do-once.ts'
import { asEmail } from '../../platform/email.ts'
import { requestMail } from '../domain/account-mail.ts'
import type { UserId } from '../domain/account.ts'
import type { Email } from '../domain/login.ts'
import { hourBefore, type MailRequestId, type MailRequestKind } from '../domain/mail-request.ts'
import type { Accounts } from './accounts.ts'
import type { Later } from './later.ts'
import type { MailRequests } from './mail-requests.ts'

type Deps = {
  readonly accounts: Pick<Accounts, 'findByLogin'>
  readonly mailRequests: Pick<MailRequests, 'ask'>
  readonly newMailRequestId: () => MailRequestId
  readonly now: () => Date
}

type ResetDeps = Deps & {
  readonly wait: (ms: number) => Promise<void>
  readonly later: Later
}

/** Far longer than it takes to find an account and to store a request, and not long for whoever waits. */
export const answerAfterMs = 100

/**
 * Has a mail sent with which a new password can be set. Everybody gets the same answer after the same time, whether there
 * is such an account or not: the work is done within that time, or goes on after the answer.
 */
export function requestPasswordReset(deps: ResetDeps) {
  return async (text: string, call: Call): Promise<void> => {
    const answer = deps.wait(answerAfterMs)
    const email = asEmail(text)
    const account =
      email === undefined ? undefined : await deps.accounts.findByLogin({ email: email as Email })
    if (account) deps.later(account.id, () => ask(deps, account.id, 'password-reset', traceOf(call)))
    await answer
  }
}

/** Has a mail sent with which the caller verifies the own e-mail address. */
export function requestEmailVerification(
  deps: Deps & { readonly accounts: Pick<Accounts, 'findByRequest'> },
) {
  return async (call: Call): Promise<{ readonly isReplay: boolean }> => {
    const id = requireUser(call).userId as UserId
    return doOnce<unknown>(call.once, deps.accounts.findByRequest, async () => {
      await ask(deps, id, 'email-verification', traceOf(call), call.once)
    })
  }
}

function ask(
  { mailRequests, newMailRequestId, now }: Deps,
  userId: UserId,
  kind: MailRequestKind,
  trace: Trace,
  once?: Once,
): Promise<void> {
  const [id, at] = [newMailRequestId(), now()]
  return mailRequests.ask(
    userId,
    { kind, since: hourBefore(at) },
    (account, count) => requestMail(account, { id, kind }, count, at),
    trace,
    once,
  )
}
