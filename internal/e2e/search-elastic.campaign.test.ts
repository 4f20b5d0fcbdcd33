import t from 'tap'
import pg from 'pg'
import { openElastic } from '../search/testing/elastic-server.ts'
import { categorySuite } from './testing/category-suite.ts'
import { openOneProcess } from './testing/shop.ts'
import { searchSuite } from './testing/search-suite.ts'

// The same shop with its index on another server, which a stand-in plays.

const server = await openElastic('shop:secret')
t.teardown(() => server.close())
const shop = await openOneProcess(t, { SEARCH_CHECK_INTERVAL_MS: '1000', SEARCH_URL: server.url })
searchSuite(t, shop, {
  loseIndex: async () => server.drop(),
  hasFamilies: false,
  server: { url: server.url, index: 'tillstream-search' },
})
categorySuite(t, shop)

t.test('nothing of the index is in the database, and the audit looks for it where it is', async (t) => {
  const client = new pg.Client(shop.databaseUrl)
  await client.connect()
  t.teardown(() => client.end())
  const { rows } = await client.query('select count(*)::int as count from search.products')
  t.strictSame(rows, [{ count: 0 }])
  type Invariant = { readonly name: string; readonly checked: number; readonly violations: number }
  type Report = { readonly invariants: readonly Invariant[] }
  const { body } = await shop.api.request<Report>('GET', '/admin/audit', { token: shop.adminToken })
  const told = body.invariants.find(({ name }) => name === 'index-and-catalogue')
  t.equal(told?.violations, 0)
  t.ok((told?.checked ?? 0) > 5, 'the audit has compared the other server')
})

t.test('while the server is away, searches are refused for the moment', async (t) => {
  const { api } = shop
  server.failWith(503)
  const away = await api.request<{ readonly code: string }>('GET', '/products?q=away')
  t.match(away, { status: 503, body: { code: 'search.index-unavailable' } })
  server.failWith(undefined)
  t.equal((await api.request('GET', '/products?q=back')).status, 200)
})
