import { categoryKey } from '../../../platform/category-path.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { SearchIndex } from '../../application/search-index.ts'
import type { ProductId } from '../../domain/document.ts'
import type { Found, Query } from '../../domain/query.ts'
import type { Synonyms } from '../../domain/synonyms.ts'
import { askedWords, type Reading } from '../asked-words.ts'
import { inBothReadings } from '../list-order.ts'
import type { ElasticClient } from './elastic-client.ts'
import { categoriesIn, facetValues, type Path } from './elastic-facets.ts'
import { positionOf, searchFor } from './elastic-query.ts'
import { elasticCandidates } from './elastic-words.ts'
import { allOf, anyOf, ofKind } from './index-layout.ts'

/** One search finds the page and counts the facets, so that both tell of the same moment. */
export function elasticFind(client: ElasticClient, synonyms: Synonyms): SearchIndex['find'] {
  const candidatesFor = elasticCandidates(client)

  return inBothReadings(async (reading: Reading, query: Query): Promise<Found> => {
    if (query.byFamily) throw noFamilies()
    const [words, categoryIds] = await Promise.all([
      askedWords(candidatesFor, query.text, synonyms, reading),
      categoriesAt(client, query.filter.category),
    ])
    const { hits, aggregations } = await client.search(searchFor(query, words, categoryIds))
    const rows = hits.hits
    const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
    const paths = await pathsOf(client, categoriesIn(query.facets, aggregations))
    return {
      ids: rows.slice(0, query.limit).map(({ _id }) => _id as ProductId),
      next: last && positionOf(query, last.sort ?? []),
      facets: facetValues(query.facets, aggregations, paths),
    }
  })
}

/** Which product of a family is shown does not follow from the order of the list, by which the server could choose it. */
const noFamilies = (): Refusal =>
  new Refusal(
    'invalid',
    'search.no-families',
    'groupBy=family is not there while the index is in Elasticsearch or OpenSearch',
  )

/** As many as one answer has; more than there may be. */
const everyCategory = 10_000

/** The ids of the category at this path and of those below it. */
async function categoriesAt(
  client: ElasticClient,
  category: string | undefined,
): Promise<readonly string[] | undefined> {
  if (category === undefined) return undefined
  const key = categoryKey(category)
  const isThere = anyOf([{ term: { path_key: key } }, { prefix: { path_key: `${key}/` } }])
  const { hits } = await client.search({
    ...{ size: everyCategory, _source: ['id'], track_total_hits: false },
    query: allOf([ofKind('category'), isThere]),
  })
  return hits.hits.map(({ _source }) => String(_source?.id))
}

async function pathsOf(client: ElasticClient, ids: readonly string[]): Promise<ReadonlyMap<string, Path>> {
  if (ids.length === 0) return new Map()
  const stored = await client.read(
    ids.map((id) => `category:${id}`),
    ['id', 'path', 'path_key'],
  )
  return new Map(
    stored.flatMap(({ _source }) => {
      const { id = '', path = '', path_key = '' } = (_source ?? {}) as Partial<Path & { readonly id: string }>
      return id === '' ? [] : [[id, { path, path_key }] as const]
    }),
  )
}
