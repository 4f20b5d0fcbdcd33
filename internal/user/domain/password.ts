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

/** Whether a password is on the list of those that many people have. The text is in lower case and trimmed. */
export type IsCommon = (text: string) => boolean

/**
 * Refuses what somebody who guesses would try first. It asks a list and never a score: a long sentence of plain words
 * is a good password, and a score would ask for digits and signs instead (NIST 800-63B, 3.1.1.2).
 */
export function refuseGuessable(
  password: Password,
  names: { readonly email: string; readonly username?: string },
  isCommon: IsCommon,
): void {
  const text = password.normalize('NFKC').trim().toLowerCase()
  const own = [names.email, names.email.split('@', 1)[0], names.username]
  if (own.includes(text))
    throw new Refusal(
      'invalid',
      'user.password-is-login',
      'the password must not be the e-mail address or the username',
    )
  if (new Set(text).size < 2 || isCommon(text))
    throw new Refusal(
      'invalid',
      'user.password-common',
      'many people have this password, so it is among the first that are guessed; choose another one',
    )
}
