import type { Options } from './options.ts'
import type { PlannedRun } from './plan.ts'
import type { Shop } from './shop.ts'
import type { Read } from './work.ts'

/** So many that hardly one comes twice within the second for which the gateway keeps an answer. */
const differentPages = 50_000

/** All that REST shows of a product. */
const card = `id sku name category description images { id url alt width height presets { thumb card page } }
  price currency weightGrams stock version createdAt updatedAt`
const pageQuery = `query ($maxPrice: Float) { products(first: 20, maxPrice: $maxPrice) {
  nodes { ${card} } pageInfo { endCursor hasNextPage } } }`
const shopQuery = `{ products(first: 20) { nodes { ${card} } pageInfo { endCursor hasNextPage } }
  cart { version items { lineId quantity } totals { total } } me { id name }
  orders(first: 3) { nodes { id status total payments { status amount } shipments { status } } } }`

const query = (text: string, variables: object = {}): Read => ({
  path: '/graphql',
  body: JSON.stringify({ query: text, variables }),
})

/** Pages that differ in a filter which leaves nothing out. */
const different = (make: (maxPrice: number) => Read): readonly Read[] =>
  Array.from({ length: differentPages }, (_, n) => make(1_000_000 + n))

/**
 * A page of 20 products as REST answers it and as GraphQL does: one that the gateway keeps, and pages that it reads anew. And a
 * whole page of a shop in one query.
 */
export function graphqlRuns({ users, seconds, warmupSeconds }: Options): readonly PlannedRun[] {
  const kinds: readonly (readonly [name: string, requests: (shop: Shop) => readonly Read[]])[] = [
    ['page by REST', () => [{ path: '/products?limit=20' }]],
    ['page', () => [query(pageQuery)]],
    ['pages read anew by REST', () => different((max) => ({ path: `/products?limit=20&maxPrice=${max}` }))],
    ['pages read anew', () => different((maxPrice) => query(pageQuery, { maxPrice }))],
    [
      "a shop's page",
      ({ tokens }) => tokens.slice(0, users).map((token) => ({ ...query(shopQuery), token })),
    ],
  ]
  const shared = { seconds: seconds / kinds.length, warmupSeconds: warmupSeconds / kinds.length }
  return kinds.map(([name, requests]) => ({
    ...{ scenario: 'graphql', name, serves: 'shop', per: 'request', isAudited: false },
    work: (shop) => ({ kind: 'reads', url: shop.url, users, ...shared, requests: requests(shop) }),
  }))
}
