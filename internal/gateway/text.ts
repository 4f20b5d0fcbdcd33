import { Refusal } from '../platform/refusal.ts'

// NUL and halves of surrogate pairs are valid in JSON, but PostgreSQL cannot store them.
const unstorable = /\0|\p{Surrogate}/u

export function refuseUnstorable(text: string, where: string): void {
  if (unstorable.test(text)) {
    throw new Refusal(
      'invalid',
      'request.invalid-text',
      `${where} has a text with a NUL or half of a surrogate pair`,
    )
  }
}

/** Checks all strings of parsed JSON, including the names of properties. */
export function refuseUnstorableIn(value: unknown, where: string): void {
  if (typeof value === 'string') refuseUnstorable(value, where)
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    refuseUnstorable(name, where)
    refuseUnstorableIn(member, where)
  }
}
