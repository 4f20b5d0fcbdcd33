import t, { type Test } from 'tap'
import { openPool } from '../platform/database.ts'
import { createLog } from '../platform/log.ts'
import { poolSql } from '../platform/pool-sql.ts'
import { createScope } from '../platform/run.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { followCategories } from './application/follow-categories.ts'
import { followStock } from './application/follow-stock.ts'
import { indexProducts } from './application/index-products.ts'
import { renewIndex, type FindNextIndex } from './application/renew-index.ts'
import { repairIndex } from './application/repair-index.ts'
import type { SearchIndex } from './application/search-index.ts'
import type { Document } from './domain/document.ts'
import { elasticClient } from './infrastructure/elastic/elastic-client.ts'
import { elasticIndex } from './infrastructure/elastic/elastic-index.ts'
import { findElasticNext, wantElasticNext } from './infrastructure/elastic/elastic-next.ts'
import { postgresIndex } from './infrastructure/postgres-index.ts'
import { runFollower } from './infrastructure/run-follower.ts'
import { runRenewal } from './infrastructure/run-renewal.ts'
import { rebuildSearch, type RebuildOptions } from './rebuild-service.ts'
import { openElastic } from './testing/elastic-server.ts'
import { openCatalogue } from './testing/fake-catalogue.ts'
import { document, namesFound, query } from './testing/fixtures.ts'

type Store = {
  readonly index: SearchIndex
  readonly findNextIndex: FindNextIndex
  readonly options: Omit<RebuildOptions, 'patienceMs'>
}

const log = createLog('test', 'silent')

async function inPostgres(t: Test): Promise<Store> {
  const { url } = await testDatabase(t)
  const scope = createScope(log, (err) => t.error(err))
  t.teardown(() => scope.close())
  const pool = { url, applicationName: 'search', maxConnections: 4, statementTimeoutMs: 10_000 }
  const index = postgresIndex(poolSql(openPool(scope, log, pool)), new Map())
  return { index, findNextIndex: async () => undefined, options: { databaseUrl: url, server: undefined } }
}

async function inElastic(t: Test): Promise<Store> {
  const { url, close } = await openElastic()
  t.teardown(close)
  const server = { url, index: 'shop' }
  const index = elasticIndex(elasticClient(server), new Map())
  return { index, findNextIndex: findElasticNext(server, new Map()), options: { databaseUrl: '', server } }
}

/** An index that is a copy of a catalogue, but for the name of the first product, which no comparison notices. */
async function opened(t: Test, openStore: (t: Test) => Promise<Store>) {
  const store = await openStore(t)
  const documents = Array.from({ length: 250 }, (_, n) => document({ name: `Lamp ${n}` }))
  const { world, catalogue, products } = openCatalogue(documents)
  const { index } = store
  const following = followCategories({ catalogue, index })
  const indexing = indexProducts({ catalogue, index, followCategories: following })
  const repair = repairIndex({ catalogue, index, indexProducts: indexing })
  const [first] = documents as [Document]
  await repair()
  await index.put([{ ...first, name: 'Wrong' }], 'always')
  t.equal(await repair(), 0)
  const names = (text: string) => namesFound(index, [...products.values(), ...documents], text)

  /** What the search service does all the time. */
  const serve = (t: Test): void => {
    const stop = new AbortController()
    const follower = { followCategories: following, followStock: followStock({ catalogue, index }) }
    const follow = { ...follower, repairIndex: repair, checkIntervalMs: 20, log }
    const renewal = { ...follow, renewIndex: renewIndex({ catalogue, findNextIndex: store.findNextIndex }) }
    const running = [runFollower(follow, stop.signal), runRenewal(renewal, stop.signal)]
    t.teardown(async () => {
      stop.abort()
      await Promise.all(running)
    })
  }
  const rebuild = (patienceMs = 20_000) => rebuildSearch({ ...store.options, patienceMs }, () => undefined)
  return { index, world, catalogue, products, documents, indexing, names, serve, rebuild }
}

for (const [where, openStore] of [
  ['PostgreSQL', inPostgres],
  ['Elasticsearch', inElastic],
] as const) {
  t.test(`${where}: it is made anew while products change and people search`, async (t) => {
    const shop = await opened(t, openStore)
    const { index, world, catalogue, products, documents, indexing, names } = shop
    const [renamed, deleted, late] = documents.slice(1) as [Document, Document, Document]
    const added = document({ name: 'Vase' })
    const { read, soldOut } = catalogue
    const change = (product: Document): Promise<void> => {
      products.set(product.id, product)
      return indexing([product.id])
    }
    let changes = 0
    // What is changed has been read before, and the old state of it is stored afterwards.
    const slowRead: typeof read = async (ids) => {
      const was = await read(ids)
      if (ids.length < 50 || changes++ > 0) return was
      products.delete(deleted.id)
      await indexing([deleted.id])
      await change({ ...renamed, version: 2, name: 'Lantern' })
      await change(added)
      world.soldOut.add(added.id)
      world.mark++
      return was
    }
    let isLateDone = false
    const slowSoldOut: typeof soldOut = async () => {
      const was = await soldOut()
      if (changes === 0 || isLateDone) return was
      isLateDone = true
      await change({ ...late, version: 2, name: 'Candle' })
      return was
    }
    Object.assign(catalogue, { read: slowRead, soldOut: slowSoldOut })
    const sizes = new Set<number>()
    const searching = new AbortController()
    const search = async (): Promise<void> => {
      while (!searching.signal.aborted) sizes.add((await index.find(query('lamp'))).ids.length)
    }
    const searches = search()
    shop.serve(t)
    await shop.rebuild()
    t.ok(changes > 0)
    const all = Array.from({ length: 256 }, (_, bucket) => bucket)
    const textOf = (versions: ReadonlyMap<string, number>): string => JSON.stringify([...versions].sort())
    const isRight = async () =>
      isLateDone &&
      (await names('candle')).length === 1 &&
      (await names('lantern')).length === 1 &&
      (await namesFound(index, [added], 'vase', { filter: { inStock: true } })).length === 0 &&
      textOf(await index.versionsIn(all)) === textOf(await catalogue.versionsIn(all))
    await eventually('what has changed meanwhile is there', isRight)
    searching.abort()
    await searches
    t.strictSame(await names('wrong'), [], 'it has read all products anew')
    t.strictSame(await names('vase'), ['Vase'])
    t.strictSame([...sizes], [100], 'each search has had a whole page')
  })

  t.test(`${where}: without a search service it says so, and the next one does it`, async (t) => {
    const shop = await opened(t, openStore)
    await t.rejects(shop.rebuild(50), /is it running/)
    await t.rejects(shop.rebuild(50), /is it running/, 'it may be asked again')
    t.strictSame(await shop.names('wrong'), ['Lamp 0'], 'everything is found as it was')
    shop.serve(t)
    t.equal(await shop.rebuild(), 250)
    t.strictSame(await shop.names('wrong'), [])
  })
}

t.test('Elasticsearch: one index is left, whoever fills the next one and however often', async (t) => {
  const server = await openElastic()
  t.teardown(() => server.close())
  const at = { url: server.url, index: 'shop' }
  const { catalogue } = openCatalogue([document({ name: 'Lamp' })])
  const index = elasticIndex(elasticClient(at), new Map())
  const renew = renewIndex({ catalogue, findNextIndex: findElasticNext(at, new Map()) })
  t.equal(await renew(), false, 'nobody wants one')
  for (let round = 0; round < 3; round++) {
    const rebuilding = rebuildSearch({ databaseUrl: '', server: at, patienceMs: 20_000 }, () => undefined)
    await eventually('one is wanted', async () => (await Promise.allSettled([renew(), renew()])).some(isDone))
    t.equal(await rebuilding, 1)
    t.equal((await index.find(query('lamp'))).ids.length, 1)
    t.equal(server.indexes().length, 1)
  }
})

t.test('Elasticsearch: what changes while an index is filled is in it when it takes over', async (t) => {
  const server = await openElastic()
  t.teardown(() => server.close())
  const at = { url: server.url, index: 'shop' }
  const lamp = document({ name: 'Lamp' })
  const { catalogue, products } = openCatalogue([lamp])
  const { read } = catalogue
  const slowRead: typeof read = async (ids) => {
    const was = await read(ids)
    products.set(lamp.id, { ...lamp, version: 2, name: 'Lantern' })
    return was
  }
  await wantElasticNext(at)
  const findNextIndex = findElasticNext(at, new Map())
  t.equal(await renewIndex({ catalogue: { ...catalogue, read: slowRead }, findNextIndex })(), true)
  const index = elasticIndex(elasticClient(at), new Map())
  t.strictSame(await namesFound(index, [{ ...lamp, name: 'Lantern' }], 'lantern'), ['Lantern'])
})

const isDone = (result: PromiseSettledResult<boolean>): boolean =>
  result.status === 'fulfilled' && result.value
