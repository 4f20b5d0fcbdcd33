import { Refusal } from '../platform/refusal.ts'
import { keyedTokens } from '../platform/keyed-tokens.ts'

/** What a refresh token is good for: one refresh of one session. */
export type Refreshable = { readonly sessionId: string; readonly generation: number }

/** None is stored: a token that is asked for again is made again. */
export type RefreshTokens = {
  readonly issue: (session: Refreshable) => string
  /** Refuses with auth.refresh-token-invalid what this shop has not issued. */
  readonly read: (token: string) => Refreshable
}

const aboutPattern = /^([0-9a-f-]{36})\.([1-9]\d{0,9})$/

export function refreshTokens(secrets: readonly string[]): RefreshTokens {
  const tokens = keyedTokens(secrets, 'refresh')
  return {
    issue: ({ sessionId, generation }) => tokens.issue(`${sessionId}.${generation}`),
    read(token) {
      const [, sessionId, generation] = aboutPattern.exec(tokens.read(token) ?? '') ?? []
      if (sessionId !== undefined) return { sessionId, generation: Number(generation) }
      throw new Refusal(
        'unauthenticated',
        'auth.refresh-token-invalid',
        'the refresh token is not one of ours',
      )
    },
  }
}
