import { bandAt, bandStarts } from '../../domain/price-bands.ts'
import { attributeOf, mostValues, type FacetField, type FacetValue } from '../../domain/query.ts'
import { allOf, type Json } from './index-layout.ts'
import { keyAndValueIn, valuesOf } from './product-source.ts'

/** More than there may be categories. */
const everyCategory = 10_000

/** One value may be written in several ways, which are counted together. */
const mostSpellings = 10 * mostValues

const nameOf = (place: number): string => `facet_${place}`

/** What counts each facet, over everything that the filters of the others leave. */
export const facetsFor = (fields: readonly FacetField[], own: ReadonlyMap<FacetField, Json>): Json =>
  Object.fromEntries(
    fields.map((field, place) => {
      const others = [...own].filter(([name]) => name !== field).map(([, filter]) => filter)
      return [nameOf(place), { filter: allOf(others), aggs: { values: countOf(field) } }]
    }),
  )

function countOf(field: FacetField): Json {
  const name = attributeOf(field)
  if (name !== undefined)
    return { terms: { field: 'attribute_values', include: valuesOf(name), size: mostSpellings } }
  if (field === 'category') return { terms: { field: 'category_id', size: everyCategory } }
  return {
    range: {
      field: 'price_minor',
      ranges: bandStarts.map((start, place) => ({
        ...{ key: String(place), from: Number(start) },
        ...(place + 1 < bandStarts.length && { to: Number(bandStarts[place + 1]) }),
      })),
    },
  }
}

type Bucket = { readonly key: string; readonly doc_count: number }

const bucketsOf = (counted: Json | undefined, place: number): readonly Bucket[] =>
  (counted?.[nameOf(place)] as { readonly values: { readonly buckets: readonly Bucket[] } } | undefined)
    ?.values.buckets ?? []

/** The ids of all categories that a facet counts. */
export const categoriesIn = (fields: readonly FacetField[], counted: Json | undefined): readonly string[] => [
  ...new Set(
    fields.flatMap((field, place) =>
      field === 'category' ? bucketsOf(counted, place).map(({ key }) => key) : [],
    ),
  ),
]

/** A category as it is shown and as it is compared. */
export type Path = { readonly path: string; readonly path_key: string }

export function facetValues(
  fields: readonly FacetField[],
  counted: Json | undefined,
  paths: ReadonlyMap<string, Path>,
): readonly { readonly field: FacetField; readonly values: readonly FacetValue[] }[] {
  return fields.map((field, place) => {
    const buckets = bucketsOf(counted, place)
    if (field === 'price')
      return {
        field,
        values: buckets
          .filter(({ doc_count }) => doc_count > 0)
          .map(({ key, doc_count }) => ({ value: bandAt(Number(key)), count: doc_count })),
      }
    return { field, values: mostFirst(field === 'category' ? byPath(buckets, paths) : byKey(buckets)) }
  })
}

type Counted = { readonly key: string; readonly value: string; readonly count: number }

const byKey = (buckets: readonly Bucket[]): readonly Counted[] =>
  buckets.map((bucket) => {
    const [key, value] = keyAndValueIn(bucket.key)
    return { key, value, count: bucket.doc_count }
  })

/** A product counts for its category and for each above it. */
const byPath = (buckets: readonly Bucket[], paths: ReadonlyMap<string, Path>): readonly Counted[] =>
  buckets.flatMap(({ key: id, doc_count: count }) => {
    const { path = '', path_key = '' } = paths.get(id) ?? {}
    const [names, keys] = [path.split('/'), path_key.split('/')]
    return path === ''
      ? []
      : names.map((_, depth) => ({
          key: keys.slice(0, depth + 1).join('/'),
          value: names.slice(0, depth + 1).join('/'),
          count,
        }))
  })

/** Adds up what has the same key, under the first of its spellings. */
function mostFirst(counted: readonly Counted[]): readonly FacetValue[] {
  const sums = new Map<string, { value: string; count: number }>()
  for (const { key, value, count } of counted) {
    const sum = sums.get(key)
    if (!sum) sums.set(key, { value, count })
    else {
      sum.count += count
      if (compareBytes(value, sum.value) < 0) sum.value = value
    }
  }
  return [...sums]
    .toSorted(([oneKey, one], [otherKey, other]) => other.count - one.count || compareBytes(oneKey, otherKey))
    .map(([, sum]) => sum)
    .slice(0, mostValues)
}

/** As both servers sort texts. */
const compareBytes = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other))
