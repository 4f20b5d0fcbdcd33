import type { Schema } from './document.ts'
import type { FuzzRandom } from './random.ts'

/** Values that exist in the shop, so that requests get further than "not found". */
export type Known = {
  readonly ids: (of: string) => readonly string[]
  readonly logins: readonly string[]
}

/** Makes a value that matches the schema, often at its limits. `name` tells what the value is about. */
export function validValue(random: FuzzRandom, schema: Schema, name: string, known: Known): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return random.pick(schema.enum)
  switch (typeOf(schema)) {
    case 'object':
      return validObject(random, schema, known)
    case 'array':
      return Array.from({ length: lengthFor(random, schema) }, () =>
        validValue(random, schema.items ?? {}, name, known),
      )
    case 'integer':
      return wholeNumber(random, schema)
    case 'number':
      return random.pick([schema.minimum ?? 0, 0.01, 1, 12.5, 999.99, random.below(100_000) / 100])
    case 'boolean':
      return random.chance(0.5)
    default:
      return validText(random, schema, name, known)
  }
}

function validObject(random: FuzzRandom, schema: Schema, known: Known): Record<string, unknown> {
  const required = new Set(schema.required)
  return Object.fromEntries(
    Object.entries(schema.properties ?? {})
      .filter(([name]) => required.has(name) || random.chance(0.5))
      .map(([name, property]) => [name, validValue(random, property, name, known)]),
  )
}

function wholeNumber(random: FuzzRandom, { minimum = -1_000, maximum = 1_000 }: Schema): number {
  const small = Math.min(maximum, Math.max(minimum, 1) + random.below(5))
  return random.pick([minimum, maximum, small, small, small])
}

function lengthFor(random: FuzzRandom, { minItems = 0, maxItems = 5 }: Schema): number {
  const few = Math.min(maxItems, minItems + random.below(4))
  return random.chance(0.03) ? maxItems : few
}

function validText(random: FuzzRandom, schema: Schema, name: string, known: Known): string {
  const { format, minLength = 0, maxLength = 40 } = schema
  if (format === 'uuid') return random.chance(0.8) ? random.pick(known.ids(name)) : random.uuid()
  if (format === 'email')
    return random.chance(0.3) ? random.pick(known.logins) : `${random.text(12)}@example.com`
  if (format === 'uri') return `https://example.com/${random.text(8)}.png`
  if (name === 'email' || (name === 'username' && random.chance(0.3))) return random.pick(known.logins)
  if (name === 'password') return random.pick(['a-long-password', random.text(8), random.text(72)])
  const length = random.chance(0.1)
    ? maxLength
    : Math.max(minLength, Math.min(maxLength, 1 + random.below(12)))
  return random.chance(0.2) && schema.pattern === undefined
    ? 'Ünïcödé 漢字 🙂 ‮ <b>'.slice(0, maxLength)
    : random.text(length)
}

function typeOf({ type, properties, items }: Schema): string {
  if (typeof type === 'string') return type
  if (Array.isArray(type)) return String(type[0])
  if (properties) return 'object'
  return items ? 'array' : 'string'
}

const odd: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, -0, 1e21, 9_007_199_254_740_993, 2_147_483_648, -2_147_483_649],
  ...[
    '',
    ' ',
    '\0',
    '\ud83d',
    '1',
    'true',
    'null',
    '__proto__',
    'constructor',
    "' or 1=1 --",
    '%00',
    '../..',
  ],
  ...['x'.repeat(300), 'x'.repeat(20_000), '١٢', '\u202e', '\r\nset-cookie: a=b', '${7*7}'],
  ...[[], {}, [[]], [null], { toString: 1 }, { length: 1e9 }],
]

export const oddValue = (random: FuzzRandom): unknown => random.pick(odd)

/** Changes the value somewhere so that it no longer matches the schema. */
export function spoiled(random: FuzzRandom, value: unknown, depth = 0): unknown {
  if (depth > 3 || random.chance(0.3)) return oddValue(random)
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.2)) return [...(value as unknown[]), oddValue(random)]
    const at = random.below(value.length)
    return value.map((item: unknown, index) => (index === at ? spoiled(random, item, depth + 1) : item))
  }
  if (typeof value !== 'object' || value === null) return oddValue(random)
  const entries = Object.entries(value)
  const at = random.below(Math.max(1, entries.length))
  switch (random.below(3)) {
    case 0:
      return Object.fromEntries(entries.filter((_, index) => index !== at))
    case 1:
      return {
        ...value,
        [random.pick(['extra', 'id', 'role', '', 'a\0', random.text(300)])]: oddValue(random),
      }
    default:
      return Object.fromEntries(
        entries.map(([name, one], index) => [name, index === at ? spoiled(random, one, depth + 1) : one]),
      )
  }
}
