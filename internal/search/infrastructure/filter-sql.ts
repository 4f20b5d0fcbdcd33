import { categoryKey } from '../../platform/category-path.ts'
import { keysOfValue, type FacetField, type Query } from '../domain/query.ts'

/** Adds a parameter to the statement, and returns what stands for it there. */
export type Parameter = (value: unknown, type: string) => string

export type OwnFilter = {
  readonly field: FacetField
  readonly conditions: readonly string[]
  /** The column that tells whether a product fits. */
  readonly fits: string
}

/** The filters that a facet has, and those that count for all of them. */
export function filterConditions(
  { filter }: Query,
  parameter: Parameter,
): { readonly always: readonly string[]; readonly own: readonly OwnFilter[] } {
  const { category, attributes = {}, minPriceMinor, maxPriceMinor, currency, inStock } = filter
  const conditions = new Map<FacetField, readonly string[]>([
    ['category', category === undefined ? [] : [isIn(parameter(categoryKey(category), 'text'))]],
    [
      'price',
      [
        ...(minPriceMinor === undefined ? [] : [`p.price_minor >= ${parameter(minPriceMinor, 'bigint')}`]),
        ...(maxPriceMinor === undefined ? [] : [`p.price_minor <= ${parameter(maxPriceMinor, 'bigint')}`]),
      ],
    ],
    ...Object.entries(attributes).map(([name, value]): [FacetField, readonly string[]] => [
      `attributes.${name}`,
      [hasValue(parameter(name, 'text'), parameter(keysOfValue(value), 'text[]'))],
    ]),
  ])
  return {
    always: [
      ...(currency === undefined ? [] : [`p.currency = ${parameter(currency, 'text')}`]),
      ...(inStock === undefined ? [] : [inStock ? 'not p.is_sold_out' : 'p.is_sold_out']),
    ],
    own: [...conditions].map(([field, list], place) => ({ field, conditions: list, fits: `fits_${place}` })),
  }
}

const hasValue = (name: string, keys: string): string =>
  `coalesce(p.attribute_keys ->> ${name} = any (${keys}), false)`

/** In the category with this key, or in one below it. */
const isIn = (key: string): string => `p.category_id = any (array(
  select id from search.categories where path_key = ${key} or starts_with(path_key, ${key} || '/')))`

/** The columns that tell whether a product fits all filters but that of this facet. */
export const othersThan = (field: FacetField, own: readonly OwnFilter[]): readonly string[] =>
  own.filter((filter) => filter.field !== field).map(({ fits }) => fits)
