import fc, { type Arbitrary } from 'fast-check'
import { oddValue } from './make-text.ts'

type Place = readonly (string | number)[]

/** Changes the value somewhere, so that it no longer matches its schema. */
export function spoiled(value: unknown): Arbitrary<unknown> {
  const place = fc.constantFrom(...placesIn(value))
  const change = fc.oneof(
    oddValue.map((odd) => () => odd),
    fc.constant(() => removed),
    fc.tuple(fc.constantFrom('extra', 'id', 'role', '', 'a\0', 'x'.repeat(300)), oddValue).map(
      ([name, odd]) =>
        (old: unknown) =>
          extended(old, name, odd),
    ),
  )
  return fc.tuple(place, change).map(([where, how]) => {
    const spoilt = changedAt(value, where, how)
    return spoilt === removed ? {} : spoilt
  })
}

const removed = Symbol('removed')

function placesIn(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null || at.length > 3) return [at]
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.slice(0, 20).map((item, index) => [index, item] as const)
    : Object.entries(value)
  return [at, ...entries.flatMap(([name, inner]) => placesIn(inner, [...at, name]))]
}

function changedAt(value: unknown, [name, ...rest]: Place, change: (old: unknown) => unknown): unknown {
  if (name === undefined) return change(value)
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => (index === name ? changedAt(item, rest, change) : item))
    return items.filter((item) => item !== removed)
  }
  const entries = Object.entries(value as object).map(
    ([key, inner]) => [key, key === name ? changedAt(inner, rest, change) : (inner as unknown)] as const,
  )
  return Object.fromEntries(entries.filter(([, inner]) => inner !== removed))
}

function extended(old: unknown, name: string, odd: unknown): unknown {
  if (Array.isArray(old)) return [...(old as unknown[]), odd]
  return typeof old === 'object' && old !== null ? { ...old, [name]: odd } : odd
}
