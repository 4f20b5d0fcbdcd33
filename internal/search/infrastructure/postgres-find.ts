import type { PoolSql } from '../../platform/pool-sql.ts'
import type { SearchIndex } from '../application/search-index.ts'
import type { ProductId } from '../domain/document.ts'
import { bandAt } from '../domain/price-bands.ts'
import type { Facet, FacetField, FacetValue, Found, Query } from '../domain/query.ts'
import type { Synonyms } from '../domain/synonyms.ts'
import { askedWords, type AskedWord, type Reading } from './asked-words.ts'
import { countStatement, countUpTo } from './count-sql.ts'
import { facetAlias } from './facet-sql.ts'
import { findStatement, type PageRow, type Statement } from './find-sql.ts'
import { inBothReadings } from './list-order.ts'
import { pageIn, type Place } from './page-sql.ts'
import { postgresCandidates } from './postgres-words.ts'

/** More products with the words than that are not all ranked, for most of them are on no page. */
const mostRanked = 2_500

export function postgresFind(sql: PoolSql, synonyms: Synonyms, most = mostRanked): SearchIndex['find'] {
  const candidatesFor = postgresCandidates(sql)
  const run = async <Row>({ text, values }: Statement): Promise<Row[]> =>
    sql.$queryRawUnsafe<Row[]>(text, ...values)

  async function countsOf(query: Query, words: readonly AskedWord[]): Promise<Counts | undefined> {
    const hasFacets = query.facets.length > 0
    const [counts] = await run<Counts>(
      hasFacets ? countStatement(query, words) : countUpTo(most + 1, query, words),
    )
    return counts
  }

  return inBothReadings(async (reading: Reading, query: Query): Promise<Found> => {
    const words = await askedWords(candidatesFor, query.text, synonyms, reading)
    // Which product of a family is shown is known when all of it are found. A misspelled word is ranked behind all others.
    if (query.byFamily || words.some(({ meant }) => meant.length > 0)) {
      const [answer] = await run<Answer>(findStatement(query, words))
      return foundOf(query, answer?.page ?? [], answer)
    }
    const isByRank = query.sort === 'relevance' && words.length > 0
    const counts = query.facets.length > 0 || isByRank ? await countsOf(query, words) : undefined
    const rows = await (isByRank && (counts?.products ?? 0) > most
      ? bestRows(query, words, run)
      : run<PageRow>(pageIn('everywhere', query, words)))
    return foundOf(query, rows, counts)
  })
}

function foundOf(query: Query, rows: readonly PageRow[], counted: Counts | undefined): Found {
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined
  return {
    ids: rows.slice(0, query.limit).map(({ id }) => id as ProductId),
    next: last && [...last.keys.map(String), last.id],
    facets: query.facets.map((field, place) => facetOf(field, counted?.[facetAlias(place)] ?? [])),
  }
}

/** Looks where the best are, and goes on only while there is not enough. */
async function bestRows(
  query: Query,
  words: readonly AskedWord[],
  run: (statement: Statement) => Promise<PageRow[]>,
): Promise<readonly PageRow[]> {
  const at = (place: Place): Promise<PageRow[]> => run(pageIn(place, query, words))
  const begun = await at('begun')
  const isEnough = (rows: readonly PageRow[]): boolean => rows.length > query.limit
  if (isEnough(begun)) return begun
  const shortest = [...begun, ...(await at('shortest'))]
  if (isEnough(shortest)) return shortest.slice(0, query.limit + 1)
  const started = [...begun, ...(await at('started'))]
  if (isEnough(started)) return started.slice(0, query.limit + 1)
  const within = [...started, ...(await at('within'))]
  return isEnough(within) ? within.slice(0, query.limit + 1) : at('everywhere')
}

type Counts = { readonly products?: number } & Partial<
  Readonly<Record<ReturnType<typeof facetAlias>, readonly FacetValue[] | null>>
>

type Answer = { readonly page: readonly PageRow[] | null } & Counts

/** A price band comes as the place of its beginning. */
const facetOf = (field: FacetField, values: readonly FacetValue[]): Facet => ({
  field,
  values:
    field === 'price' ? values.map(({ value, count }) => ({ value: bandAt(Number(value)), count })) : values,
})
