import type { Brand } from '../../platform/brand.ts'
import { asEmail } from '../../platform/email.ts'
import { Refusal } from '../../platform/refusal.ts'
import { textLengths, tidy } from '../../platform/text.ts'

// Usernames and e-mail addresses are stored in lower case and without blanks around them, so that such differences do
// not make another login.
export type Username = Brand<string, 'Username'>
export type Email = Brand<string, 'Email'>

export type Login = { readonly email: Email } | { readonly username: Username }

/** Shorter names would be initials, and longer ones are not needed. */
const usernameLength = { min: 3, max: textLengths.username }

/** A username has no "@", so that a login is either an e-mail address or a username. */
const usernamePattern = /^[a-z0-9][a-z0-9._-]*$/

export function parseUsername(text: string): Username {
  const username = asUsername(text)
  if (username !== undefined) return username
  throw new Refusal(
    'invalid',
    'user.username-invalid',
    `a username has ${usernameLength.min} to ${usernameLength.max} letters, digits, dots, dashes and underscores`,
  )
}

export function parseEmail(text: string): Email {
  const email = asEmail(text)
  if (email !== undefined) return email as Email
  throw new Refusal('invalid', 'user.email-invalid', 'this is not an e-mail address')
}

/** Returns undefined when nobody can have such a login. */
export function readLogin(text: string): Login | undefined {
  const email = asEmail(text)
  if (email !== undefined) return { email: email as Email }
  const username = asUsername(text)
  return username === undefined ? undefined : { username }
}

function asUsername(text: string): Username | undefined {
  const { min, max } = usernameLength
  const lower = tidy(text).toLowerCase()
  if (lower.length < min || lower.length > max) return undefined
  return usernamePattern.test(lower) ? (lower as Username) : undefined
}
