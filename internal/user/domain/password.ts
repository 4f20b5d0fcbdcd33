import type { Brand } from '../../platform/brand.ts'
import { Refusal } from '../../platform/refusal.ts'

export type Password = Brand<string, 'Password'>

/**
 * The minimum is that of NIST 800-63B. The maximum is what bcrypt reads: it would ignore the rest of a longer
 * password.
 */
const passwordBytes = { min: 8, max: 72 }

export function parsePassword(text: string): Password {
  const password = readPassword(text)
  if (password !== undefined) return password
  throw new Refusal(
    'invalid',
    'user.password-invalid',
    `a password has ${passwordBytes.min} to ${passwordBytes.max} bytes and no NUL`,
  )
}

/** Returns undefined when nobody can have such a password. */
export function readPassword(text: string): Password | undefined {
  const bytes = utf8Length(text)
  if (bytes < passwordBytes.min || bytes > passwordBytes.max || text.includes('\0')) return undefined
  return text as Password
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
