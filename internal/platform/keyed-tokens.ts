import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** Tokens that say what they are about and are made from that alone, so none is stored. */
export type KeyedTokens = {
  readonly issue: (about: string) => string
  /** What the token is about; undefined for one that this shop has not issued. */
  readonly read: (token: string) => string | undefined
}

const keyBytes = 32
const macLength = 43

/**
 * Each kind has a key of its own, so that a token of one never passes for another. All gateways have the same secrets: the
 * first one makes tokens, and those of the others are read as well, so that a secret can be replaced.
 */
export function keyedTokens(secrets: readonly string[], kind: string): KeyedTokens {
  const keys = secrets.map((secret) =>
    Buffer.from(hkdfSync('sha256', secret, '', `tillstream ${kind} token v1`, keyBytes)),
  )
  const [newest = Buffer.alloc(0)] = keys
  const macOf = (key: Buffer, about: string): string =>
    createHmac('sha256', key).update(about).digest('base64url')
  return {
    issue: (about) => `${about}.${macOf(newest, about)}`,
    read(token) {
      const about = token.slice(0, -macLength - 1)
      const given = Buffer.from(token.slice(about.length + 1))
      if (token[about.length] !== '.' || given.length !== macLength) return undefined
      // The last character has bits to spare, so the texts are compared and not the bytes that they stand for.
      return keys.some((key) => timingSafeEqual(Buffer.from(macOf(key, about)), given)) ? about : undefined
    },
  }
}
