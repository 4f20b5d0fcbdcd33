/** What people write between the digits of a number. */
const separators = /[\s().\-/\u2010-\u2015]/g

/**
 * A number as E.164 has it: a plus, the country's code and at most 15 digits. Undefined for one without its country, which
 * nobody can guess, and for `+49 (0)30`, where one digit must not be dialled and nobody says which.
 */
export function asE164(text: string): string | undefined {
  if (/\(\s*0\s*\)/.test(text)) return undefined
  const number = text.trim().replace(separators, '')
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined
}
