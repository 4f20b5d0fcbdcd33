import { keyedTokens } from '../../platform/keyed-tokens.ts'
import type { MailTokens } from '../application/mail-requests.ts'
import type { MailRequestId } from '../domain/mail-request.ts'

/** Each kind has keys of its own, which follow from the secrets. A copy of the database gives nobody a token. */
export function mailTokens(secrets: readonly string[]): MailTokens {
  const kinds = {
    'password-reset': keyedTokens(secrets, 'password reset'),
    'email-verification': keyedTokens(secrets, 'email verification'),
  }
  return {
    issue: ({ id, kind }) => kinds[kind].issue(id),
    // Only ids have been signed.
    read: (kind, token) => kinds[kind].read(token) as MailRequestId | undefined,
  }
}
