import { bandStarts } from '../domain/price-bands.ts'
import { attributeOf, type Query } from '../domain/query.ts'
import type { AskedWord } from './asked-words.ts'
import { entry, facetAlias, facetSql, type Counted } from './facet-sql.ts'
import { filterConditions, othersThan, type Parameter } from './filter-sql.ts'
import { directionOf, keysOf } from './list-order.ts'
import { rankOf, wordConditions } from './word-sql.ts'

export type PageRow = { readonly id: string; readonly keys: readonly (string | number)[] }

export type Statement = { readonly text: string; readonly values: readonly unknown[] }

/**
 * One statement for page and facets, which ranks everything that has the words. For each facet those count that match everything
 * but its own filter: so they are what would be found if another of its values was asked for.
 */
export function findStatement(query: Query, words: readonly AskedWord[]): Statement {
  const values: unknown[] = []
  const parameter: Parameter = (value, type) => `$${values.push(value)}::${type}`
  const { always, own } = filterConditions(query, parameter)
  const hasWords = words.length > 0
  const matched = `
    select ${columnsFor(query, parameter).join(', ')}, ${hasWords ? rankOf(query, words, parameter) : '0'} as rank,
      ${own.map(({ conditions, fits }) => `(${conditions.join(' and ') || 'true'}) as ${fits}`).join(', ')}
    from search.products p
    where ${[...always, ...wordConditions(words, parameter)].join(' and ') || 'true'}`
  const band = query.facets.includes('price')
    ? `width_bucket(price_minor, ${parameter(bandStarts, 'bigint[]')}) - 1`
    : ''
  const { byFamily } = query
  const count = byFamily ? `count(distinct ${entry})` : 'count(*)'
  const counted: Counted = { from: 'matched', count, band, byFamily }
  const answers = [
    `(select json_agg(json_build_object('id', id, 'keys', keys)) from page) as page`,
    ...query.facets.map(
      (field, place) =>
        `(${facetSql(field, place, othersThan(field, own), counted)}) as ${facetAlias(place)}`,
    ),
  ]
  const text = `with matched as ${hasWords ? '' : 'not '}materialized (${matched}),
      page as (${pageSql(
        query,
        own.map(({ fits }) => fits),
        parameter,
      )})
    select ${answers.join(', ')}`
  return { text, values }
}

/** Only these, because many products may match. */
function columnsFor({ sort, facets, byFamily }: Query, parameter: Parameter): readonly string[] {
  const needed = {
    id: true,
    name_size: sort === 'relevance',
    name_key: sort === 'name',
    price_minor: byFamily || sort.endsWith('price') || facets.includes('price'),
    group_id: byFamily,
    is_sold_out: byFamily,
    category_id: facets.includes('category'),
  }
  const attributes = facets.flatMap((field, place) => {
    const name = attributeOf(field)
    if (name === undefined) return []
    const at = parameter(name, 'text')
    return [`p.attributes ->> ${at} as value_${place}`, `p.attribute_keys ->> ${at} as key_${place}`]
  })
  return [
    ...Object.entries(needed).flatMap(([column, isNeeded]) => (isNeeded ? [`p.${column}`] : [])),
    ...attributes,
  ]
}

/** One more than is asked for tells whether there is another page. */
export function pageSql(
  query: Query,
  fits: readonly string[],
  parameter: Parameter,
  table = 'matched',
): string {
  const keys = keysOf(query)
  const direction = directionOf(query)
  const sorted = [...keys.map(({ name }) => name), 'id']
  const from = query.after?.map((value, index) => {
    const cast = keys[index]?.cast ?? 'uuid'
    return parameter(cast === 'bigint' ? BigInt(value) : value, cast)
  })
  const isAfter = from
    ? [`(${sorted.join(', ')}) ${direction === 'asc' ? '>' : '<'} (${from.join(', ')})`]
    : []
  const conditions = query.byFamily ? isAfter : [...fits, ...isAfter]
  return `
    select id, json_build_array(${keys.map(({ name, cast }) => (cast === 'bigint' ? `${name}::text` : name)).join(', ')}) as keys
    from ${query.byFamily ? shownOf(query, fits) : table} where ${conditions.join(' and ') || 'true'}
    order by ${sorted.map((key) => `${key} ${direction}`).join(', ')} limit ${query.limit + 1}`
}

/** Of each family the product that is shown for it, of those that fit. */
function shownOf({ sort }: Query, fits: readonly string[]): string {
  const before = [...(sort === 'relevance' ? ['rank'] : []), 'is_sold_out', 'price_minor', 'id']
  return `(select distinct on (${entry}) * from matched where ${fits.join(' and ') || 'true'}
    order by ${[entry, ...before].join(', ')}) shown`
}
