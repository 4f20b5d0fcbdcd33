import { alsoTell, changeAccess, tellUpdate, type Account, type AccountChange } from './account.ts'
import { mailsPerHour, openMailRequest, type MailRequestId, type MailRequestKind } from './mail-request.ts'

type Wanted = { readonly id: MailRequestId; readonly kind: MailRequestKind }

/** Adds to a change that the account's owner shall get a mail. */
export function withMail(change: AccountChange, { id, kind }: Wanted, at: Date): AccountChange {
  const request = openMailRequest(id, kind, at)
  return alsoTell(change, at, (account) => ({ type: 'MailRequested', account, request }))
}

/**
 * The change after which the owner gets a mail. Undefined when none is due: the account is blocked, its address is
 * verified already, or it got enough of this kind in the last hour.
 */
export function requestMail(
  account: Account,
  wanted: Wanted,
  withinHour: number,
  at: Date,
): AccountChange | undefined {
  if (account.blockedAt || withinHour >= mailsPerHour) return undefined
  if (wanted.kind === 'email-verification' && account.emailVerifiedAt) return undefined
  return withMail({ state: account, events: [] }, wanted, at)
}

/** Whoever has got the mail has shown that the address is theirs. */
export function verifyEmail(account: Account, at: Date): AccountChange {
  const emailVerifiedAt = account.emailVerifiedAt ?? at
  const state = { ...account, emailVerifiedAt, version: account.version + 1, updatedAt: at }
  return tellUpdate(account, { state, events: [] }, at)
}

/** Sets the password of whoever has got the mail of a reset, who has thereby shown that the address is theirs. */
export function resetPassword(account: Account, passwordHash: string, at: Date): AccountChange {
  const { state, events } = changeAccess(account, { passwordHash, role: account.role }, 'reset', at)
  return tellUpdate(
    state,
    { state: { ...state, emailVerifiedAt: account.emailVerifiedAt ?? at }, events },
    at,
  )
}
