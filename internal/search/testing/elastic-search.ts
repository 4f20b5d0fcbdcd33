import { countsOf } from './elastic-counts.ts'
import { chosenOf, type Mapping } from './elastic-mapping.ts'
import { matchesOf, scoredBy } from './elastic-matches.ts'
import { compareBytes, expect, knownIn, listIn, onlyEntry, type Json } from './elastic-strict.ts'

const searchKeys = [
  'query',
  'size',
  'sort',
  'search_after',
  'post_filter',
  'aggs',
  '_source',
  'track_total_hits',
]

/** A real server's `index.max_result_window`. */
const mostHits = 10_000

/** What a search answers over the documents that are refreshed. */
export function searchIn(body: unknown, documents: ReadonlyMap<string, Json>, mapping: Mapping): Json {
  const known = knownIn(body, 'search', searchKeys)
  const { query, size, sort = [], search_after, post_filter, aggs, _source = false } = known
  expect(typeof size === 'number' && size <= mostHits, 'Result window is too large')
  const { matches, scoreOf } = scoredBy(query, mapping)
  const matched = [...documents].filter(([, document]) => matches(document))
  const order = listIn(sort, 'sort').map((each) => onlyEntry(each, 'sort'))
  const shown = post_filter === undefined ? () => true : matchesOf(post_filter, mapping)
  const keyed = matched
    .filter(([, document]) => shown(document))
    .map(([_id, document]) => ({
      ...{ _id, document },
      sort: order.map(([name]) =>
        name === '_score' ? scoreOf(document) : sortValue(mapping, document, name),
      ),
    }))
    .toSorted((one, other) => compareKeys(one.sort, other.sort, order))
  const after = search_after === undefined ? undefined : positionIn(search_after, order)
  const hits = after ? keyed.filter((hit) => compareKeys(hit.sort, after, order) > 0) : keyed
  return {
    hits: {
      hits: hits.slice(0, Number(size)).map(({ _id, document, sort: keys }) => {
        const chosen = chosenOf(document, _source)
        return { _id, ...(chosen && { _source: chosen }), ...(keys.length > 0 && { sort: keys }) }
      }),
    },
    ...(aggs !== undefined && {
      aggregations: countsOf(
        aggs,
        matched.map(([, document]) => document),
        mapping,
      ),
    }),
  }
}

type Order = readonly (readonly [name: string, direction: unknown])[]

function sortValue(mapping: Mapping, document: Json, name: string): string | number {
  const { type } = mapping.fieldAt(name)
  expect(type !== 'text', 'fielddata is disabled on text fields')
  const [value = ''] = mapping.termsOf(document, name)
  return type === 'keyword' ? String(value) : Number(value)
}

function positionIn(given: unknown, order: Order): readonly (string | number)[] {
  const values = listIn(given, 'search_after') as readonly (string | number)[]
  expect(values.length === order.length, 'search_after has as many values as sort')
  return values
}

function compareKeys(
  one: readonly (string | number)[],
  other: readonly (string | number)[],
  order: Order,
): number {
  for (const [place, [, direction]] of order.entries()) {
    expect(direction === 'asc' || direction === 'desc', 'sorted in a direction')
    const [left = '', right = ''] = [one[place], other[place]]
    const compared =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : compareBytes(String(left), String(right))
    if (compared !== 0) return direction === 'asc' ? compared : -compared
  }
  return 0
}
