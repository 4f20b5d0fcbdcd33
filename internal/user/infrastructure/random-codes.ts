import { createHash, randomBytes } from 'node:crypto'
import type { Secrets } from '../application/identities.ts'

const random = (): string => randomBytes(32).toString('base64url')

/** Texts of 256 bits that nobody guesses; so a digest without a salt is enough to keep one. */
export const randomCodes = {
  newCode: random,
  digestOf: (code: string): string => createHash('sha256').update(code).digest('base64url'),
  newSecrets: (): Secrets => ({ state: random(), nonce: random(), verifier: random() }),
}
