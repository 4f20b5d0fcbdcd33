import { textLengths, tidy } from './text.ts'

/** HTML's definition of a valid e-mail address, which browsers apply too. */
const emailPattern =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/

/** In lower case and without blanks around it; undefined when it is none. */
export function asEmail(text: string): string | undefined {
  const lower = tidy(text).toLowerCase()
  return lower.length <= textLengths.email && emailPattern.test(lower) ? lower : undefined
}
