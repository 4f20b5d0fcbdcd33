import { toMinor } from '../../platform/money.ts'
import type { Refusal } from '../../platform/refusal.ts'
import { ruleLimits } from '../../platform/rule-limits.ts'
import { isAtMost, isStorableLine, tidy } from '../../platform/text.ts'

/** Says what is wrong with which field of a rule; each kind of rule has a code of its own. */
export type Wrong = (field: string, message: string) => Refusal

/** Undefined stays as it is, and null goes. */
export type Patch<Value> = Value | null | undefined

export function patched<Given, Kept>(
  given: Patch<Given>,
  kept: Kept | undefined,
  parse: (given: Given) => Kept,
): Kept | undefined {
  if (given === undefined) return kept
  return given === null ? undefined : parse(given)
}

export function parseLine(wrong: Wrong, field: string, text: string, maxLength: number): string {
  const tidied = tidy(text)
  if (tidied === '') throw wrong(field, `${field} must not be empty`)
  if (!isStorableLine(tidied)) throw wrong(field, `${field} must have no control characters`)
  if (!isAtMost(tidied, maxLength))
    throw wrong(field, `${field} must be at most ${maxLength} characters long`)
  return tidied
}

export function parseCountry(wrong: Wrong, field: string, country: string): string {
  if (/^[A-Z]{2}$/.test(country)) return country
  throw wrong(field, `${field} must be an ISO 3166-1 alpha-2 code, such as DE`)
}

/** A decimal amount of the currency, not negative. */
export function parseAmount(wrong: Wrong, field: string, amount: string, currency: string): bigint {
  const minor = toMinor(amount.trim() === '' ? NaN : Number(amount), currency)
  if (minor < 0n) throw wrong(field, `${field} must not be negative`)
  return minor
}

/** A whole number of units that a database's integer holds. */
export function parseCount(wrong: Wrong, field: string, count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= ruleLimits.count) return count
  throw wrong(field, `${field} must be a whole number from 1 to ${ruleLimits.count}`)
}

/** Refuses a change of a version that the caller has not seen. */
export function requireVersion(
  { version }: { readonly version: number },
  expected: number | undefined,
  mismatch: (details: Readonly<Record<string, number>>) => Refusal,
): void {
  if (expected !== undefined && expected !== version) throw mismatch({ expected, current: version })
}
