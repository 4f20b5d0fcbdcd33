import { baselineConnections, type Options, type Scenario } from './options.ts'
import { withClient } from '../shared/database.ts'
import { seedProducts } from '../shared/seed.ts'
import type { Shop } from './shop.ts'
import type { Measured, Work } from './work.ts'

/** One line of the tables. It is measured once in each round. */
export type PlannedRun = {
  readonly scenario: Scenario
  readonly name: string
  readonly work: (shop: Shop) => Work | Promise<Work>
  /** The server whose CPU time is measured. */
  readonly serves: 'shop' | 'bare' | 'baseline'
  /** What the CPU time is divided by: settled orders or all requests. */
  readonly per: 'order' | 'request'
  /** True when the audit checks afterwards what it has stored. */
  readonly isAudited: boolean
  /** Returns what is wrong with the result, or undefined when nothing is. */
  readonly check?: (shop: Shop, work: Work, measured: Measured) => Promise<string | undefined>
}

export function baselineRun(scenario: Scenario, options: Options, isHot = false): PlannedRun {
  const { seconds, warmupSeconds } = options
  return {
    scenario,
    name: isHot ? 'baseline, one product' : 'baseline',
    serves: 'baseline',
    per: 'request',
    isAudited: false,
    work: ({ databaseUrl, productIds }) => ({
      ...{ kind: 'baseline', databaseUrl, seconds, warmupSeconds, connections: baselineConnections },
      productIds: isHot ? productIds.slice(0, 1) : productIds,
    }),
  }
}

type OrdersShape = {
  readonly lines?: number
  readonly users?: number
  readonly isHot?: boolean
  readonly waits?: boolean
}

export function ordersRun(
  scenario: Scenario,
  name: string,
  options: Options,
  shape: OrdersShape = {},
): PlannedRun {
  const { lines = 1, users = options.users, isHot = false, waits = false } = shape
  const { seconds, warmupSeconds } = options
  return {
    ...{ scenario, name, serves: 'shop', per: 'order', isAudited: true },
    work: ({ url, natsUrl, tokens, productIds }) => ({
      ...{ kind: 'orders', url, natsUrl, users, lines, waits, seconds, warmupSeconds },
      tokens: tokens.slice(0, options.users),
      productIds: isHot ? productIds.slice(0, 1) : productIds,
    }),
  }
}

/** More buyers than units, all at once: each unit must be sold, and none twice. */
export function saleRun({ flashBuyers, flashUnits, users }: Options): PlannedRun {
  let sale = 0
  return {
    ...{ scenario: 'flash-sale', name: 'the sale', serves: 'shop', per: 'request', isAudited: true },
    async work({ url, natsUrl, tokens, databaseUrl }) {
      const number = 9_000_000 + ++sale
      const productIds = await withClient(databaseUrl, (client) =>
        seedProducts(client, number, number, flashUnits),
      )
      const timed = { seconds: 0, warmupSeconds: 0, orders: flashBuyers }
      return { kind: 'orders', url, natsUrl, tokens, productIds, lines: 1, users, ...timed }
    },
    async check({ databaseUrl }, work, { orders }) {
      const productId = work.kind === 'orders' ? work.productIds[0] : undefined
      const { rows } = await withClient(databaseUrl, (client) =>
        client.query<{ confirmed: number; left: number }>(confirmedSql, [productId]),
      )
      const [{ confirmed, left } = { confirmed: -1, left: -1 }] = rows
      const wanted = Math.min(flashBuyers, flashUnits)
      const isExact = confirmed === wanted && orders?.confirmed === wanted && left === flashUnits - wanted
      return isExact
        ? undefined
        : `${flashBuyers} buyers of ${flashUnits} units: ${confirmed} confirmed (${orders?.confirmed ?? 0} told so), ${left} left`
    },
  }
}

const confirmedSql = `select
  (select count(*)::int from orders.orders o join orders.order_lines l on l.order_id = o.id
    where l.product_id = $1 and o.status = 'confirmed') as confirmed,
  (select available from inventory.stock where product_id = $1) as left`

/** Four kinds of requests share the seconds of the scenario. */
export function readsRuns({ users, seconds, warmupSeconds }: Options): readonly PlannedRun[] {
  const kinds = ['product', 'page', 'search', 'own orders'] as const
  const shared = { seconds: seconds / kinds.length, warmupSeconds: warmupSeconds / kinds.length }
  const run = (
    name: string,
    serves: 'shop' | 'bare',
    pick: (shop: Shop) => Pick<Work & { kind: 'reads' }, 'url' | 'requests'>,
  ) =>
    ({
      ...{ scenario: 'reads', name, serves, per: 'request', isAudited: false },
      work: (shop) => ({ kind: 'reads', users, ...shared, ...pick(shop) }),
    }) satisfies PlannedRun
  return kinds.flatMap((kind) => {
    const own = run(kind, 'shop', ({ url, reads }) => ({ url, requests: reads[kind] }))
    if (kind === 'search' || kind === 'own orders') return [own]
    const bare = run(`bare ${kind}`, 'bare', (shop) => ({
      url: shop.bare?.url ?? '',
      requests: shop.bare?.reads[kind] ?? [],
    }))
    return [bare, own]
  })
}

export function mixedRun({ users, seconds, warmupSeconds }: Options): PlannedRun {
  return {
    ...{ scenario: 'mixed', name: 'mixed', serves: 'shop', per: 'request', isAudited: true },
    work: ({ url, natsUrl, tokens, productIds, reads }) => ({
      ...{ kind: 'mixed', url, natsUrl, productIds, users, seconds, warmupSeconds },
      tokens: tokens.slice(0, users),
      // All kinds are equally frequent.
      reads: Object.values(reads).flatMap((kind) => spread(kind, users)),
    }),
  }
}

/** Customers fill their carts, and then read them. Each user has a cart of its own. */
export function cartRuns({ users, seconds, warmupSeconds }: Options): readonly PlannedRun[] {
  const shared = { users, seconds: seconds / 2, warmupSeconds: warmupSeconds / 2 }
  return [
    {
      ...{ scenario: 'cart', name: 'add a line', serves: 'shop', per: 'request', isAudited: true },
      work: ({ url, tokens, productIds }) => ({
        ...{ kind: 'cart', url, productIds, ...shared },
        tokens: tokens.slice(0, users),
      }),
    },
    {
      ...{ scenario: 'cart', name: 'read', serves: 'shop', per: 'request', isAudited: false },
      work: ({ url, tokens }) => ({
        ...{ kind: 'reads', url, ...shared },
        requests: tokens.slice(0, users).map((token) => ({ path: '/cart', token })),
      }),
    },
  ]
}

const spread = <Item>(items: readonly Item[], count: number): readonly Item[] =>
  Array.from({ length: count }, (_, index) => items[index % items.length]).filter(
    (item) => item !== undefined,
  )
