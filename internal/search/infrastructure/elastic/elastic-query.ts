import { searchFold } from '../../../platform/search-text.ts'
import { keysOfValue, type FacetField, type Query } from '../../domain/query.ts'
import { spacedWords, wordsOf } from '../../domain/words.ts'
import type { AskedWord } from '../asked-words.ts'
import { directionOf, keysOf } from '../list-order.ts'
import { allOf, anyOf, hasPart, ofKind, type Json } from './index-layout.ts'
import { facetsFor } from './elastic-facets.ts'
import { attributeKey } from './product-source.ts'

/** The filters of a query: those that count for all facets, and those that each facet leaves out when it is its own. */
type Filters = { readonly always: readonly Json[]; readonly own: ReadonlyMap<FacetField, Json> }

/** What finds a page and counts the facets. `categoryIds`: of the category that is asked for and of those below it. */
export function searchFor(
  query: Query,
  words: readonly AskedWord[],
  categoryIds: readonly string[] | undefined,
): Json {
  const { always, own } = filtersOf(query, categoryIds)
  const matched = allOf([
    ofKind('product'),
    ...always,
    ...words.map((word) => oneOf(word, (text) => hasPart('folded', text))),
  ])
  const direction = directionOf(query)
  const sort = [...keysOf(query).map(({ name }) => name), 'id'].map((name) =>
    // The best has the highest score.
    name === 'rank' ? { _score: 'desc' } : { [name]: direction },
  )
  return {
    // One more than is asked for tells whether there is another page.
    ...{ size: query.limit + 1, _source: false, track_total_hits: false, sort },
    query: query.sort === 'relevance' ? ranked(query, words, matched) : matched,
    ...(query.after && { search_after: positionFor(query, query.after) }),
    // It is for the page only.
    ...(own.size > 0 && { post_filter: allOf([...own.values()]) }),
    ...(query.facets.length > 0 && { aggs: facetsFor(query.facets, own) }),
  }
}

function filtersOf({ filter }: Query, categoryIds: readonly string[] | undefined): Filters {
  const { attributes = {}, minPriceMinor, maxPriceMinor, currency, inStock } = filter
  const own = new Map<FacetField, Json>()
  if (categoryIds) own.set('category', { terms: { category_id: categoryIds } })
  const bounds = {
    ...(minPriceMinor !== undefined && { gte: String(minPriceMinor) }),
    ...(maxPriceMinor !== undefined && { lte: String(maxPriceMinor) }),
  }
  if (Object.keys(bounds).length > 0) own.set('price', { range: { price_minor: bounds } })
  for (const [name, value] of Object.entries(attributes)) {
    const keys = keysOfValue(value).map((key) => attributeKey(name, key))
    own.set(`attributes.${name}`, { terms: { attribute_keys: keys } })
  }
  return {
    own,
    always: [
      ...(currency === undefined ? [] : [{ term: { currency } }]),
      ...(inStock === undefined ? [] : [{ term: { is_sold_out: !inStock } }]),
    ],
  }
}

const oneOf = ({ term, synonyms, meant }: AskedWord, condition: (text: string) => Json): Json =>
  anyOf([term, ...synonyms, ...meant].map(condition))

/** Scores are counted down from it: the best rank, 0, has the highest one. */
const bestScore = 100
const behindMisspelled = 10

/** The score of a product is that of the first condition which it fits. The ranks are those of PostgreSQL's `rankOf`. */
function ranked({ text }: Query, words: readonly AskedWord[], query: Json): Json {
  const folded = searchFold(text)
  const all = (field: string, part: (word: string) => string): Json =>
    allOf(words.map((word) => oneOf(word, (each) => hasPart(field, part(each)))))
  const spoken = (word: string): string => wordsOf(word).join(' ')
  const ranks: readonly Json[] = [
    { term: { sku_key: folded } },
    { term: { name_key: folded } },
    beginsWith('sku_key', folded),
    beginsWith('name_words', spacedWords(folded).trimEnd()),
    all('name_words', (word) => ` ${spoken(word)} `),
    all('name_words', (word) => ` ${spoken(word)}`),
    all('name_key', (word) => word),
    all('name_and_sku', (word) => word),
    { match_all: {} },
  ]
  const spelled = words
    .filter(({ meant }) => meant.length > 0)
    .map((word) => oneOf({ ...word, meant: [] }, (each) => hasPart('folded', each)))
  const scored = ranks.map((filter, rank) => ({ filter, weight: bestScore - rank }))
  const functions =
    spelled.length === 0
      ? scored
      : [
          ...scored.map(({ filter, weight }) => ({ filter: allOf([filter, ...spelled]), weight })),
          ...scored.map(({ filter, weight }) => ({ filter, weight: weight - behindMisspelled })),
        ]
  return { function_score: { query, functions, score_mode: 'first', boost_mode: 'replace' } }
}

const beginsWith = (field: string, text: string): Json =>
  text === '' ? { match_all: {} } : { prefix: { [field]: text } }

const positionFor = (query: Query, after: readonly string[]): readonly unknown[] =>
  after.map((value, place) => {
    const key = keysOf(query)[place]
    if (key?.name === 'rank') return bestScore - Number(value)
    return key?.cast === 'bigint' ? Number(value) : value
  })

/** The position of a hit, without how its words were read. */
export const positionOf = (query: Query, sort: readonly unknown[]): readonly string[] =>
  sort.map((value, place) =>
    String(keysOf(query)[place]?.name === 'rank' ? bestScore - Number(value) : value),
  )
