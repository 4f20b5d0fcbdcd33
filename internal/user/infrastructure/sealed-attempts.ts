import { keyedTokens } from '../../platform/keyed-tokens.ts'
import type { Attempt, Seals } from '../application/identities.ts'

/** An attempt lies in a cookie of the browser that has begun it. It is signed and not secret: it is that browser's own. */
export function sealedAttempts(secrets: readonly string[]): Seals {
  const tokens = keyedTokens(secrets, 'login attempt')
  return {
    seal: (attempt) => tokens.issue(Buffer.from(JSON.stringify(attempt)).toString('base64url')),
    open(sealed) {
      const about = tokens.read(sealed)
      // Only attempts have been sealed.
      return about === undefined
        ? undefined
        : (JSON.parse(Buffer.from(about, 'base64url').toString()) as Attempt)
    },
  }
}
