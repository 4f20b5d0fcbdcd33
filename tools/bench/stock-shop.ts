import { startBare } from './bare.ts'
import { baselineSchemaSql } from './baseline-sql.ts'
import { seedGrowth } from './growth.ts'
import { products, type Options } from './options.ts'
import type { Progress } from '../shared/progress.ts'
import { withClient } from '../shared/database.ts'
import { openingStock, seedProducts, seedUsers } from '../shared/seed.ts'
import type { RunningShop } from '../shared/running-shop.ts'
import type { Shop } from './shop.ts'
import { signToken } from '../shared/token.ts'

export type ShopNeeds = {
  readonly isGrown: boolean
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
    const seeded = needs.isGrown
      ? await seedGrowth(client, options.growthOrders, progress)
      : {
          productIds: await seedProducts(client, 1, products, openingStock),
          userIds: await seedUsers(client, Math.max(options.users, options.flashBuyers)),
        }
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
