import fc, { type Arbitrary } from 'fast-check'
import type { Schema } from './document.ts'
import { textOf } from './make-text.ts'

/** Values that exist in the shop, so that requests get further than "not found". */
export type Known = {
  readonly ids: (of: string) => readonly string[]
  readonly logins: () => readonly string[]
}

/** Values that match the schema, often at its limits. `name` tells what the value is about. */
export function validValue(schema: Schema, name: string, known: Known): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  switch (typeOf(schema)) {
    case 'object':
      return validObject(schema, known)
    case 'array':
      return validArray(schema, name, known)
    case 'integer':
      return wholeNumber(schema)
    case 'number':
      return decimal(schema)
    case 'boolean':
      return fc.boolean()
    default:
      return validText(schema, name, known)
  }
}

function validObject({ properties = {}, required = [] }: Schema, known: Known): Arbitrary<unknown> {
  const entries = Object.entries(properties)
  const model = Object.fromEntries(entries.map(([name, one]) => [name, validValue(one, name, known)]))
  return fc.record(model, {
    requiredKeys: required.filter((name) => name in properties),
    noNullPrototype: true,
  })
}

function validArray({ items = {}, minItems = 0, maxItems = 5 }: Schema, name: string, known: Known) {
  const item = validValue(items, name, known)
  const few = fc.array(item, { minLength: minItems, maxLength: Math.min(maxItems, minItems + 3) })
  const full = fc.array(item, { minLength: maxItems, maxLength: maxItems, size: 'max' })
  return fc.oneof({ weight: 30, arbitrary: few }, { weight: 1, arbitrary: full })
}

function wholeNumber({ minimum = -1_000, maximum = 1_000 }: Schema): Arbitrary<number> {
  const few = Math.max(minimum, Math.min(maximum, 1))
  const small = fc.integer({ min: few, max: Math.min(maximum, few + 4) })
  return fc.oneof(
    { weight: 3, arbitrary: small },
    { weight: 2, arbitrary: fc.constantFrom(minimum, maximum) },
  )
}

const decimal = ({ minimum = 0 }: Schema): Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(minimum, 0.01, 1, 12.5, 999.99),
    fc.nat({ max: 100_000 }).map((cents) => Math.max(minimum, cents / 100)),
  )

function validText(schema: Schema, name: string, known: Known): Arbitrary<string> {
  const { format, minLength = 0, maxLength = 40 } = schema
  const login = fc.constantFrom(...known.logins())
  if (format === 'uuid') {
    const found = fc.constantFrom(...known.ids(name))
    return fc.oneof({ weight: 4, arbitrary: found }, { weight: 1, arbitrary: fc.uuid({ version: 7 }) })
  }
  if (format === 'email' || name === 'email')
    return fc.oneof(
      login,
      fc.emailAddress(),
      letters(1, 12).map((text) => `${text}@example.com`),
    )
  if (format === 'uri') return fc.oneof(fc.webUrl(), fc.constant('https://example.com/a.png'))
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((at) => at.toISOString())
  if (name === 'country' || name === 'countries') return fc.constantFrom('DE', 'US', 'JP')
  if (name === 'password') return fc.oneof(fc.constant('a-long-password'), textOf(8, 72))
  if (schema.pattern !== undefined) return letters(Math.max(1, minLength), Math.min(maxLength, 12))
  if (name === 'username') return fc.oneof(login, letters(3, 12), textOf(minLength, maxLength))
  return textOf(minLength, maxLength)
}

const letters = (minLength: number, maxLength: number): Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz0123456789')),
    minLength,
    maxLength,
  })

function typeOf({ type, properties, items }: Schema): string {
  if (typeof type === 'string') return type
  if (Array.isArray(type)) return String(type[0])
  if (properties) return 'object'
  return items ? 'array' : 'string'
}
