import { attributeOf, type Query } from '../domain/query.ts'
import type { AskedWord } from './asked-words.ts'
import { facetAlias, facetSql, type Counted } from './facet-sql.ts'
import { filterConditions, othersThan, type Parameter } from './filter-sql.ts'
import type { Statement } from './find-sql.ts'
import { wordConditions } from './word-sql.ts'

/** How many products are found, when nobody wants to know it of more than that: far fewer rows are looked at. */
export function countUpTo(most: number, query: Query, words: readonly AskedWord[]): Statement {
  const values: unknown[] = []
  const parameter: Parameter = (value, type) => `$${values.push(value)}::${type}`
  const { always, own } = filterConditions(query, parameter)
  const filters = [...always, ...own.flatMap(({ conditions }) => conditions)]
  const conditions = [...filters, ...wordConditions(words, parameter)]
  const text = `select count(*)::int as products from (
      select from search.products p where ${conditions.join(' and ') || 'true'} limit ${most}
    ) found`
  return { text, values }
}

/**
 * Counts what has the words: all of it and each facet, of which those count that match everything but its own filter. First the
 * products that have all values in common are counted, then those.
 */
export function countStatement(query: Query, words: readonly AskedWord[]): Statement {
  const values: unknown[] = []
  const parameter: Parameter = (value, type) => `$${values.push(value)}::${type}`
  const { always, own } = filterConditions(query, parameter)
  const columns = query.facets.flatMap((field, place) => {
    const name = attributeOf(field)
    if (name === undefined) return field === 'category' ? ['p.category_id'] : ['p.band']
    const at = parameter(name, 'text')
    return [`p.attributes ->> ${at} as value_${place}`, `p.attribute_keys ->> ${at} as key_${place}`]
  })
  // A filter that is not set leaves nothing out, and would only make the groups wider.
  const set = own.filter(({ conditions }) => conditions.length > 0)
  const fits = set.map((filter) => `(${filter.conditions.join(' and ')}) as ${filter.fits}`)
  const conditions = [...always, ...wordConditions(words, parameter)]
  const grouped = [...columns, ...fits]
  const counted: Counted = { from: 'counted', count: 'sum(products)::int', byFamily: false, band: 'band' }
  const all = set.map((filter) => filter.fits).join(' and ') || 'true'
  const facets = query.facets.map(
    (field, at) => `(${facetSql(field, at, othersThan(field, set), counted)}) as ${facetAlias(at)}`,
  )
  const text = `with counted as materialized (
      select ${[...grouped, 'count(*) as products'].join(', ')} from search.products p
      where ${conditions.join(' and ') || 'true'}
      ${grouped.length > 0 ? `group by ${grouped.map((_, at) => at + 1).join(', ')}` : ''}
    )
    select ${[`(select coalesce(sum(products), 0)::int from counted where ${all}) as products`, ...facets].join(', ')}`
  return { text, values }
}
