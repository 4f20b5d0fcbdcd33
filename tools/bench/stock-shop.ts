import type pg from 'pg'
import { startBare } from './bare.ts'
import { baselineSchemaSql } from './baseline-sql.ts'
import { seedGrowth } from './growth.ts'
import type { Group } from './bench.ts'
import { products, type Options } from './options.ts'
import type { Progress } from '../shared/progress.ts'
import { withClient } from '../shared/database.ts'
import { openingStock, seedProducts, seedUsers } from '../shared/seed.ts'
import type { RunningShop } from '../shared/running-shop.ts'
import type { Shop } from './shop.ts'
import { until } from '../shared/wait.ts'
import { signToken } from '../shared/token.ts'

export type ShopNeeds = {
  /** What the shop begins with. */
  readonly past: Group['kind']
  /** The program of the bare server, when reads are measured. */
  readonly bare: string | undefined
  readonly onClose: (name: string, close: () => Promise<unknown>) => void
}

/** Adds products and customers and, for the scenario "growth", a past of many orders. */
export async function stockShop(
  running: RunningShop,
  needs: ShopNeeds,
  options: Options,
  progress: Progress,
): Promise<Shop> {
  const { databaseUrl, jwtSecret } = running
  const { productIds, userIds } = await withClient(databaseUrl, async (client) => {
    const seeded =
      needs.past === 'grown'
        ? await seedGrowth(client, options.growthOrders, progress)
        : {
            productIds: await seedProducts(client, 1, productsOf(needs.past, options), openingStock),
            userIds: await seedUsers(client, Math.max(options.users, options.flashBuyers)),
          }
    if (needs.past === 'searched')
      await progress.during('filling the search index', () => indexed(client, options.searchProducts))
    await client.query(baselineSchemaSql)
    await client.query('vacuum analyze')
    return seeded
  })
  const tokens = userIds.map((id) => signToken(jwtSecret, id, 'customer'))
  const reads = readsOf(productIds, tokens.slice(0, options.users))
  const bare = needs.bare === undefined ? undefined : await startBare(needs.bare, running.url, reads)
  if (bare) needs.onClose('bare server', bare.stop)
  return { ...running, productIds, tokens, reads, bare }
}

const productsOf = (past: Group['kind'], { searchProducts }: Options): number =>
  past === 'searched' ? searchProducts : products

/** The search service compares its index with the catalogue every few seconds, and fills it. */
const indexedWithinMs = 1_800_000

async function indexed(client: pg.Client, count: number): Promise<void> {
  const isFull = async (): Promise<boolean> => {
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::int as count from search.products',
    )
    return (rows[0]?.count ?? 0) >= count
  }
  const isOver = await until(isFull, { withinMs: indexedWithinMs, everyMs: 1_000 })
  if (!isOver) throw new Error('the search index was not full in time')
}

const searches = [
  'mug',
  'copper lamp',
  'linen blan',
  'walnut',
  'glass vase',
  'paper sent',
  'brass clo',
  'cotton',
]

const readsOf = (productIds: readonly string[], tokens: readonly string[]): Shop['reads'] => ({
  product: productIds.map((id) => ({ path: `/products/${id}` })),
  page: [{ path: '/products?limit=20' }],
  search: searches.map((words) => ({ path: `/products?limit=20&q=${encodeURIComponent(words)}` })),
  'own orders': tokens.map((token) => ({ path: '/orders?limit=20', token })),
})
