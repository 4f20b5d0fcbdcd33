import type { Identity } from './tokens.ts'

/** What somebody calls by, and until when. */
export type Standing = Pick<Identity, 'sessionId' | 'userId' | 'accessVersion'> & {
  readonly expiresAtMs: number
}
