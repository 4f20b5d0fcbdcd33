import { attributeOf, mostValues, type FacetField } from '../domain/query.ts'

/** The column in which the answer has the facet that was asked for at this place. */
export const facetAlias = (place: number) => `facet_${place}` as const

/** What a list has one entry of. A product that is not indexed by its group yet is alone. */
export const entry = 'coalesce(group_id, id)'

/** Of a category or of one above it. A product counts for each of them. */
const partOfPath = (column: string): string =>
  `array_to_string((string_to_array(own.${column}, '/'))[1:depth], '/')`

/** What a facet counts, and how. */
export type Counted = {
  readonly from: string
  /** The number of entries of some rows. */
  readonly count: string
  /** Of a row: the place at which its price band begins. */
  readonly band: string
  /** Entries are families, which may be in several categories. */
  readonly byFamily: boolean
}

export function facetSql(
  field: FacetField,
  place: number,
  others: readonly string[],
  counted: Counted,
): string {
  const { from, count, band } = counted
  const fits = others.join(' and ') || 'true'
  if (attributeOf(field) !== undefined)
    return `select json_agg(json_build_object('value', value, 'count', count)) from (
      select min(value_${place}) as value, ${count} as count from ${from}
      where ${fits} and key_${place} is not null
      group by key_${place} order by count desc, key_${place} collate "C" limit ${mostValues}) found`
  if (field === 'category') return categoryFacet(fits, counted)
  return `select json_agg(json_build_object('value', band, 'count', count)) from (
    select ${band} as band, ${count} as count from ${from} where ${fits} group by 1 order by 1) found`
}

/** Rows are counted by category first, so that few of them are taken apart. */
function categoryFacet(fits: string, { from, count, byFamily }: Counted): string {
  const counted = byFamily
    ? `select distinct category_id, ${entry} as entry from ${from} where ${fits}`
    : `select category_id, ${count} as count from ${from} where ${fits} group by category_id`
  return `select json_agg(json_build_object('value', path, 'count', count)) from (
      select above.path, ${byFamily ? 'count(distinct counted.entry)' : 'sum(counted.count)'} as count
      from (${counted}) counted
      join search.categories own on own.id = counted.category_id
      cross join lateral (
        select ${partOfPath('path')} as path, ${partOfPath('path_key')} as path_key
        from generate_series(1, cardinality(string_to_array(own.path, '/'))) as depths(depth)
      ) above
      group by above.path, above.path_key order by count desc, above.path_key limit ${mostValues}) found`
}
