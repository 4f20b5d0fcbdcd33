import t, { type Test } from 'tap'
import { openPool } from '../../internal/platform/database.ts'
import { createLog } from '../../internal/platform/log.ts'
import { newId } from '../../internal/platform/new-id.ts'
import { poolSql } from '../../internal/platform/pool-sql.ts'
import { createScope } from '../../internal/platform/run.ts'
import { testDatabase } from '../../internal/platform/testing/database.ts'
import type { Document, ProductId } from '../../internal/search/domain/document.ts'
import { createQuery, type Query } from '../../internal/search/domain/query.ts'
import type { SearchIndex } from '../../internal/search/application/search-index.ts'
import { elasticClient } from '../../internal/search/infrastructure/elastic/elastic-client.ts'
import { elasticIndex } from '../../internal/search/infrastructure/elastic/elastic-index.ts'
import { openElastic } from '../../internal/search/testing/elastic-server.ts'
import { postgresIndex } from '../../internal/search/infrastructure/postgres-index.ts'
import { queries } from './queries.ts'
import { readRealProducts } from './read-products.ts'

/** The mean of 1 / the place of the first product that was meant. */
const wanted = 0.9
const placesLookedAt = 20

const products = await readRealProducts()

type Open = (t: Test) => Promise<SearchIndex>

const inPostgres: Open = async (t) => {
  const { url } = await testDatabase(t)
  const log = createLog('test', 'silent')
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const options = { url, applicationName: 'search', maxConnections: 2, statementTimeoutMs: 30_000 }
  return postgresIndex(poolSql(openPool(scope, log, options)), new Map())
}

/** A stand-in, whose ranks are those that our adapter asks for. */
const inElasticsearch: Open = async (t) => {
  const server = await openElastic()
  t.teardown(() => server.close())
  return elasticIndex(elasticClient({ url: server.url, index: 'shop' }), new Map())
}

for (const [where, open] of Object.entries({ PostgreSQL: inPostgres, Elasticsearch: inElasticsearch }))
  t.test(
    `people find what they mean in ${where}`,
    { skip: products ? false : 'the file of real orders is not here' },
    async (t) => {
      const index = await open(t)
      const documents = (products ?? []).map(documentOf)
      for (let at = 0; at < documents.length; at += 500)
        await index.put(documents.slice(at, at + 500), 'older')
      const skuOf = new Map(documents.map(({ id, sku }) => [id, sku]))
      const ranks: number[] = []
      for (const [text, ...skus] of queries) {
        const { ids } = await index.find(queryOf(text))
        const found = ids.map((id) => skuOf.get(id) ?? '')
        const place = found.findIndex((sku) => skus.includes(sku)) + 1
        ranks.push(place === 0 ? 0 : 1 / place)
        if (place !== 1)
          t.comment(
            `${text}: ${place === 0 ? 'not found' : `place ${place}`}, first ${found.slice(0, 5).join(', ')}`,
          )
      }
      const mean = ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length
      t.comment(`${queries.length} queries, mean reciprocal rank ${mean.toFixed(3)}`)
      t.ok(queries.length >= 60, 'there are many queries')
      t.ok(mean >= wanted, `the mean reciprocal rank ${mean.toFixed(3)} is at least ${wanted}`)
    },
  )

const queryOf = (text: string): Query =>
  createQuery({
    text,
    filter: {},
    sort: 'relevance',
    limit: placesLookedAt,
    after: undefined,
    facets: [],
    byFamily: false,
  })

const documentOf = ({ sku, name }: { readonly sku: string; readonly name: string }): Document => ({
  ...{
    id: newId() as ProductId,
    version: 1,
    sku,
    name,
    description: '',
    categoryId: undefined,
    familyId: undefined,
    attributes: {},
  },
  ...{ priceMinor: 100n, currency: 'GBP', isSoldOut: false },
})
