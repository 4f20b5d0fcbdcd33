import { Refusal } from '../../../platform/refusal.ts'
import { isAtMost, isStorableLine, textLengths, tidy } from '../../../platform/text.ts'

export const attributeTypes = ['string', 'number', 'boolean'] as const
export type AttributeType = (typeof attributeTypes)[number]

/** What products of a category may say of themselves, and of what type it is. */
export type AttributeDefinition = { readonly name: string; readonly type: AttributeType }

/** What a product says of itself: material: steel. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/** The types by name: those of the category and of all above it. */
export type AttributeSchema = ReadonlyMap<string, AttributeType>

/** A page of a product shows no more. */
const maxDefinitions = 50

/** They are names of query parameters, too. */
const namePattern = /^[a-z][A-Za-z0-9_-]{0,39}$/

/** Sorted by name. Refused with category.invalid. */
export function parseDefinitions(
  given: readonly { readonly name: string; readonly type: string }[],
): readonly AttributeDefinition[] {
  if (given.length > maxDefinitions) throw wrongDefinition(`there are at most ${maxDefinitions} attributes`)
  const types = new Map<string, AttributeType>()
  for (const { name, type } of given) {
    const known = attributeTypes.find((each) => each === type)
    if (!known) throw wrongDefinition(`an attribute is one of ${attributeTypes.join(', ')}`)
    if (!namePattern.test(name) || name in Object.prototype)
      throw wrongDefinition('the name of an attribute is a letter with letters, digits, _ and - behind it')
    if (types.has(name)) throw wrongDefinition(`${name} is there twice`)
    types.set(name, known)
  }
  return [...types]
    .map(([name, type]) => ({ name, type }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** Sorted by name. Which of them the category has is not judged yet. */
export function parseAttributes(given: Readonly<Record<string, unknown>>): Attributes {
  const names = Object.keys(given).sort()
  return Object.fromEntries(names.map((name) => [name, parseValue(name, given[name])]))
}

function parseValue(name: string, value: unknown): string | number | boolean {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value
  const text = typeof value === 'string' ? tidy(value) : ''
  if (text !== '' && isStorableLine(text) && isAtMost(text, textLengths.attribute)) return text
  const limit = `a line of at most ${textLengths.attribute} characters`
  throw wrongAttribute(name, `${shown(name)} must be ${limit}, a number, true or false`)
}

/** Of a file, where everything is text. What the category has no such attribute for stays text, and is refused later. */
export function attributesOfTexts(
  texts: Readonly<Record<string, string>>,
  schema: AttributeSchema,
): Attributes {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, valueOf(name, text.trim(), schema.get(name))]),
  )
}

/** As it is written by people and by `String`. */
const numberPattern = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i

function valueOf(name: string, text: string, type: AttributeType | undefined): string | number | boolean {
  if (type === 'number' && numberPattern.test(text) && Number.isFinite(Number(text))) return Number(text)
  if (type === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  if (type === 'number') throw wrongAttribute(name, `${shown(name)} is a number like 1234.5`)
  if (type === 'boolean') throw wrongAttribute(name, `${shown(name)} is true or false`)
  return text
}

/** Refuses what the category has no such attribute for. */
export function requireFit(attributes: Attributes, schema: AttributeSchema): void {
  for (const [name, value] of Object.entries(attributes)) {
    const type = schema.get(name)
    if (type === undefined) throw wrongAttribute(name, `the category has no attribute ${shown(name)}`)
    if (type !== typeof value) throw wrongAttribute(name, `${name} must be a ${type}`)
  }
}

/** Names come from outside. */
const shown = (name: string): string => (isAtMost(name, 40) ? name : `${name.slice(0, 40)}…`)

const wrongDefinition = (message: string): Refusal =>
  new Refusal('invalid', 'category.invalid', message, { field: 'attributes' })

const wrongAttribute = (name: string, message: string): Refusal =>
  new Refusal('invalid', 'product.invalid-attribute', message, { attribute: shown(name) })
