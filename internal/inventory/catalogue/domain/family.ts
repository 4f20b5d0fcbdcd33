import type { Change } from '../../../platform/change.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { textKey } from '../../../platform/search-text.ts'
import { isAtMost, isStorableLine, textLengths, tidy } from '../../../platform/text.ts'
import type { FamilyId } from '../../domain/ids.ts'

/** Products that differ by these options. Each has a SKU, a price and a stock of its own. */
export type Family = {
  readonly id: FamilyId
  readonly name: string
  /** They stay as they are, because the products have them. */
  readonly options: readonly string[]
  /** Counts its changes; its deletion is one. Its products have versions of their own. */
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly deletedAt: Date | undefined
}

export type FamilyEvent = {
  readonly type: 'FamilyCreated' | 'FamilyUpdated' | 'FamilyDeleted'
  readonly family: Family
}

export type FamilyChange = Change<Family, FamilyEvent>

/** The place of a product in a family: size: M. */
export type Membership = { readonly familyId: FamilyId; readonly options: Readonly<Record<string, string>> }

/** A page shows a choice for each. */
const maxOptions = 5

/** A page shows them all. */
export const maxMembers = 500

/** As for attributes. */
const optionPattern = /^[a-z][A-Za-z0-9_-]{0,39}$/

export function createFamily(
  id: FamilyId,
  input: { readonly name: string; readonly options: readonly string[] },
  at: Date,
): FamilyChange {
  const { options } = input
  const isSet =
    options.length >= 1 && options.length <= maxOptions && new Set(options).size === options.length
  if (!isSet || !options.every((name) => optionPattern.test(name) && !(name in Object.prototype)))
    throw invalid('options', `a family has 1 to ${maxOptions} options, whose names begin with a letter`)
  const family = { id, name: parseName(input.name), options, version: 1, createdAt: at, updatedAt: at }
  const state: Family = { ...family, deletedAt: undefined }
  return { state, events: [{ type: 'FamilyCreated', family: state }] }
}

/** A name that is already so changes nothing. */
export function renameFamily(
  family: Family,
  name: string,
  expectedVersion: number | undefined,
  at: Date,
): FamilyChange {
  requireVersion(family, expectedVersion)
  const parsed = parseName(name)
  if (parsed === family.name) return { state: family, events: [] }
  const state = { ...family, name: parsed, version: family.version + 1, updatedAt: at }
  return { state, events: [{ type: 'FamilyUpdated', family: state }] }
}

/** Refused while a product is in it. */
export function deleteFamily(
  family: Family,
  hasMembers: boolean,
  expectedVersion: number | undefined,
  at: Date,
): FamilyChange {
  requireVersion(family, expectedVersion)
  if (hasMembers) throw new Refusal('conflict', 'family.has-products', 'there are products in this family')
  const state = { ...family, version: family.version + 1, updatedAt: at, deletedAt: at }
  return { state, events: [{ type: 'FamilyDeleted', family: state }] }
}

/** Values as text. Whether they are those of the family is judged with it. */
export function parseOptions(given: Readonly<Record<string, unknown>>): Membership['options'] {
  const entries = Object.entries(given).map(([name, value]) => {
    const text = typeof value === 'string' ? tidy(value) : ''
    if (textKey(text) === '' || !isStorableLine(text) || !isAtMost(text, textLengths.attribute))
      throw wrongOptions(`an option is a line of at most ${textLengths.attribute} characters`)
    return [name, text] as const
  })
  return Object.fromEntries(byName(entries))
}

/** The database does not keep the order of names, so what compares options puts them in order. */
const byName = <Entry extends readonly [string, unknown]>(entries: readonly Entry[]): readonly Entry[] =>
  entries.toSorted(([one], [other]) => (one < other ? -1 : 1))

/** Refuses options that are not exactly those of the family, and a family that is full. */
export function requireMember(family: Family, { options }: Membership, othersInIt: number): void {
  const names = Object.keys(options)
  if (names.length !== family.options.length || !family.options.every((name) => Object.hasOwn(options, name)))
    throw wrongOptions(`the options of this family are ${family.options.join(', ')}`)
  if (othersInIt >= maxMembers)
    throw new Refusal('conflict', 'family.full', `a family has at most ${maxMembers} products`)
}

/** Equal for options that people take for the same. */
export const optionsKey = ({ options }: Membership): string =>
  JSON.stringify(byName(Object.entries(options)).map(([name, value]) => [name, textKey(value)]))

/** Equal for the same membership, letter by letter. */
export const membershipText = ({ familyId, options }: Membership): string =>
  JSON.stringify([familyId, byName(Object.entries(options))])

export const familyNotFound = (): Refusal =>
  new Refusal('not-found', 'family.not-found', 'there is no such family')

export const optionsTaken = (): Refusal =>
  new Refusal('conflict', 'product.options-taken', 'another product of the family has these options')

export const wrongOptions = (message: string): Refusal =>
  new Refusal('invalid', 'product.invalid', message, { field: 'options' })

function parseName(text: string): string {
  const name = tidy(text)
  if (name !== '' && isStorableLine(name) && isAtMost(name, textLengths.productName)) return name
  throw invalid('name', `a name is a line of at most ${textLengths.productName} characters`)
}

function requireVersion({ version }: Family, expected: number | undefined): void {
  if (expected === undefined || expected === version) return
  throw new Refusal('conflict', 'family.version-mismatch', 'the family has changed meanwhile', {
    ...{ expected, current: version },
  })
}

const invalid = (field: string, message: string): Refusal =>
  new Refusal('invalid', 'family.invalid', message, { field })
