import type { Brand } from '../../platform/brand.ts'
import { Refusal } from '../../platform/refusal.ts'
import { utf8Length } from '../../platform/text.ts'

/**
 * What a buyer wants of a product besides itself (an engraving, a gift wrap), as canonical JSON: equal attributes are
 * equal texts, however they were written. Empty when there are none.
 */
export type Attributes = Brand<string, 'Attributes'>

export const noAttributes = '' as Attributes

/** Enough for a few sentences and some choices. */
export const attributeLimits = { bytes: 1_024, depth: 4, members: 50 }

/** Refuses what is no JSON object, and what is larger or deeper than the limits. */
export function parseAttributes(value: unknown): Attributes {
  if (value === undefined) return noAttributes
  if (!isObject(value)) throw invalid('are an object')
  let members = 0
  const canonical = (inner: unknown, depth: number): unknown => {
    if (inner === null || typeof inner !== 'object') return inner
    if (depth > attributeLimits.depth) throw invalid(`are at most ${attributeLimits.depth} levels deep`)
    const found: readonly unknown[] = Object.values(inner)
    members += found.length
    if (members > attributeLimits.members) throw invalid(`have at most ${attributeLimits.members} members`)
    if (Array.isArray(inner)) return inner.map((each) => canonical(each, depth + 1))
    return sorted(inner, (each) => canonical(each, depth + 1))
  }
  const text = JSON.stringify(canonical(value, 1))
  if (utf8Length(text) > attributeLimits.bytes)
    throw invalid(`take at most ${attributeLimits.bytes} bytes as JSON`)
  return text === '{}' ? noAttributes : (text as Attributes)
}

/** The attributes as the buyer gave them, apart from the order of the names; undefined when there are none. */
export function attributesOf(attributes: Attributes): Readonly<Record<string, unknown>> | undefined {
  if (attributes === noAttributes) return undefined
  return JSON.parse(attributes) as Readonly<Record<string, unknown>> // `parseAttributes` has made it
}

/**
 * A name that looks like an index would come first whatever the order of the others, in every object of JavaScript. So
 * the order is the same for equal objects, which is all that matters here.
 */
const sorted = (object: object, map: (value: unknown) => unknown): object =>
  Object.fromEntries(
    Object.entries(object)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, map(inner)]),
  )

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const invalid = (rule: string): Refusal =>
  new Refusal('invalid', 'cart.invalid-attributes', `attributes ${rule}`)
