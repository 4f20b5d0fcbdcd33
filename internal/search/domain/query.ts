import { Refusal } from '../../platform/refusal.ts'
import { searchTerms, textKey } from '../../platform/search-text.ts'
import { isAtMost, isStorable, textLengths } from '../../platform/text.ts'
import type { ProductId } from './document.ts'

export const sorts = ['relevance', 'newest', 'name', 'price', '-price'] as const
export type Sort = (typeof sorts)[number]

export type FacetField = 'category' | 'price' | AttributeField
export type AttributeField = `attributes.${string}`

/** The name of the attribute, or undefined. */
export const attributeOf = (field: string): string | undefined =>
  /^attributes\.([A-Za-z][A-Za-z0-9_-]{0,39})$/.exec(field)?.[1]

/** As what the value of an attribute is compared. A number may be written in several ways. */
export function keysOfValue(value: string): readonly string[] {
  const [key, number] = [textKey(value), Number(value)]
  return value.trim() !== '' && Number.isFinite(number) ? [key, String(number)] : [key]
}

export type Filter = {
  /** A path, whatever its case: this category and all below it. */
  readonly category?: string | undefined
  /** By name, the value as text, whatever its case. */
  readonly attributes?: Readonly<Record<string, string>> | undefined
  readonly minPriceMinor?: bigint | undefined
  readonly maxPriceMinor?: bigint | undefined
  readonly currency?: string | undefined
  readonly inStock?: boolean | undefined
}

export type Query = {
  /** Words; blank: all products. */
  readonly text: string
  readonly filter: Filter
  readonly sort: Sort
  readonly limit: number
  /** Where the page before ended, as `Found.next` told; undefined for the first page. */
  readonly after: Position | undefined
  readonly facets: readonly FacetField[]
  /** One product of each family. */
  readonly byFamily: boolean
}

/** The place of a product in a list: what the list is sorted by, and the product's id. */
export type Position = readonly string[]

export type FacetValue = { readonly value: string; readonly count: number }

export type Facet = { readonly field: FacetField; readonly values: readonly FacetValue[] }

export type Found = {
  readonly ids: readonly ProductId[]
  /** Undefined on the last page. */
  readonly next: Position | undefined
  readonly facets: readonly Facet[]
}

/** Each costs a look at everything that is found. */
const maxFacets = 12
const maxAttributes = 12

/** A list of values that nobody reads to its end helps nobody. */
export const mostValues = 100

/** A page that a screen can show; larger ones only make one caller wait for another. */
const maxLimit = 100

type Given = Omit<Query, 'sort' | 'facets'> & { readonly sort: string; readonly facets: readonly string[] }

/** Refused with search.invalid, which names the parameter. Without words nothing is more relevant than anything else. */
export function createQuery(given: Given): Query {
  const { text, filter, limit } = given
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit)
    throw invalid('limit', `limit must be a whole number from 1 to ${maxLimit}`)
  if (!isAtMost(text, textLengths.search))
    throw invalid('query', `a search is at most ${textLengths.search} characters long`)
  const after = given.after ?? []
  for (const [parameter, value] of [
    ...[['query', text] as const, ['category', filter.category ?? ''] as const],
    ...after.map((part) => ['after', part] as const),
  ])
    if (!isStorable(value)) throw invalid(parameter, `${parameter} must be text`)
  if (filter.currency !== undefined && !/^[A-Z]{3}$/.test(filter.currency))
    throw invalid('priceCurrency', 'a currency is three capital letters')
  const sort = sorts.find((known) => known === given.sort)
  if (!sort) throw invalid('sort', `sort must be one of ${sorts.join(', ')}`)
  requireAttributes(filter.attributes ?? {})
  const facets = given.facets.map(parseField)
  if (facets.length > maxFacets) throw invalid('facets', `at most ${maxFacets} facets are counted`)
  const isAboutWords = sort !== 'relevance' || searchTerms(text).length > 0
  return { ...given, sort: isAboutWords ? sort : 'newest', facets: [...new Set(facets)] }
}

function requireAttributes(attributes: Readonly<Record<string, string>>): void {
  const entries = Object.entries(attributes)
  if (entries.length > maxAttributes)
    throw invalid('attributes', `a list is filtered by at most ${maxAttributes} attributes`)
  for (const [name, value] of entries)
    if (attributeOf(`attributes.${name}`) === undefined || !isStorable(value))
      throw invalid('attributes', 'attributes have names and texts')
}

function parseField(field: string): FacetField {
  if (field === 'category' || field === 'price') return field
  const name = attributeOf(field)
  if (name !== undefined) return `attributes.${name}`
  throw invalid('facets', 'a facet is one of category, price, attributes.<name>')
}

const invalid = (parameter: string, message: string): Refusal =>
  new Refusal('invalid', 'search.invalid', message, { parameter })
