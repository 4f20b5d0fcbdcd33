import type { Brand } from '../../platform/brand.ts'
import { Refusal } from '../../platform/refusal.ts'
import { isStorableLine, utf8Length } from '../../platform/text.ts'

export type Password = Brand<string, 'Password'>

/**
 * The minimum is that of NIST 800-63B. The maximum is what bcrypt reads: it would ignore the rest of a longer
 * password.
 */
const passwordBytes = { min: 8, max: 72 }

export function parsePassword(text: string): Password {
  const password = readPassword(inOneForm(text))
  if (password !== undefined) return password
  throw new Refusal(
    'invalid',
    'user.password-invalid',
    `a password has ${passwordBytes.min} to ${passwordBytes.max} bytes and no control characters`,
  )
}

/**
 * The passwords that somebody may mean who types this, the likeliest first; none when nobody can have such a one. The others
 * are the forms in which earlier versions stored it: as it was typed, in whichever form of Unicode the keyboard made.
 */
export function readPasswords(text: string): readonly Password[] {
  const forms = new Set([inOneForm(text), text.normalize('NFC'), text.normalize('NFD')])
  return [...forms].map(readPassword).filter((password) => password !== undefined)
}

/** Keyboards differ in how they write the same character, and copied passwords come with blanks around them. */
const inOneForm = (text: string): string => text.normalize('NFKC').trim()

function readPassword(text: string): Password | undefined {
  const bytes = utf8Length(text)
  if (bytes < passwordBytes.min || bytes > passwordBytes.max || !isStorableLine(text)) return undefined
  return text as Password
}
