import { Refusal } from '../platform/refusal.ts'
import { isStorable } from '../platform/text.ts'

export function refuseUnstorable(text: string, where: string): void {
  if (!isStorable(text)) {
    throw new Refusal(
      'invalid',
      'request.invalid-text',
      `${where} has a text with a control character or half of a surrogate pair`,
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

/** Brings the texts of parsed JSON into NFC, so that the same text has the same length however it was written. */
export function composeIn(value: unknown): void {
  const open: unknown[] = [value]
  while (open.length > 0) {
    const at = open.pop()
    if (typeof at !== 'object' || at === null) continue
    const members = at as Record<string, unknown>
    for (const [name, member] of Object.entries(members)) {
      if (typeof member === 'string') members[name] = member.normalize('NFC')
      else open.push(member)
    }
  }
}
