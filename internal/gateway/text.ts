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

/** Checks all strings of parsed JSON, including the names of properties. It does not recurse over what it is given. */
export function refuseUnstorableIn(value: unknown, where: string): void {
  const left: unknown[] = [value]
  while (left.length > 0) {
    const one = left.pop()
    if (typeof one === 'string') refuseUnstorable(one, where)
    if (typeof one !== 'object' || one === null) continue
    for (const [name, member] of Object.entries(one)) {
      refuseUnstorable(name, where)
      left.push(member)
    }
  }
}
