import { access } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { rebuildAnalytics } from '../../internal/analytics/rebuild-service.ts'
import { readStackFile } from '../../internal/config/stack-file.ts'
import { admin, openOneProcess, type Shop } from '../../internal/e2e/testing/shop.ts'
import { spawnMain } from '../../internal/e2e/testing/spawned.ts'
import { eventually } from '../../internal/platform/testing/eventually.ts'
import { moneyOf } from './domain/invoice-money.ts'
import type { Plan } from './domain/plan.ts'
import { priceMinor } from './domain/round-price.ts'
import { readPlan } from './read-plan.ts'
import { replay, type CheckoutOptions } from './replay.ts'
import { isFlawless, reportOf, type Outcome } from './report.ts'
import { restClient } from './rest.ts'

// The figures of the shop against a computation from the real files alone. TEST_WHOLE_MONTHS=1 replays all of them.

t.setTimeout(5_400_000)

const months = ['2010-12', '2011-01'] as const
const fileOf = (month: string): string => path.resolve(`../shared/data/online-retail-${month}.csv.gz`)
const areThere = await Promise.all(months.map((month) => access(fileOf(month)))).catch(() => undefined)
const skip = !areThere && 'the real orders are not beside the repository'
const ordersOfPart = 60

/** The first orders of the month and the products in them. */
async function partOf(month: string): Promise<{ readonly file: string; readonly plan: Plan }> {
  const { file, plan } = await readPlan(fileOf(month))
  if (process.env.TEST_WHOLE_MONTHS) return { file, plan }
  const orders = plan.orders.slice(0, ordersOfPart)
  const sold = new Set(orders.flatMap(({ lines }) => [...lines.keys()]))
  const products = plan.products.filter(({ sku }) => sold.has(sku))
  return { file, plan: { ...plan, orders, products, returns: [] } }
}

type Running = Pick<Shop, 'url' | 'api' | 'adminToken' | 'databaseUrl' | 'env'>

async function replayed(
  t: Test,
  shop: Running,
  month: string,
  checkout?: CheckoutOptions,
): Promise<{ readonly plan: Plan; readonly outcome: Outcome }> {
  const { file, plan } = await partOf(month)
  const rest = restClient(shop.url, 8)
  const progress = {
    counting: <R>(_name: string, _total: number, work: (tick: () => void) => Promise<R>) => work(() => {}),
  }
  const name = checkout ? `${file}/checkout` : file
  const options = { rest, admin, plan, file: name, opening: 'enough', concurrency: 8, decimals: 2 } as const
  const outcome = await replay({ ...options, progress, checkout }).finally(() => rest.close())
  t.ok(isFlawless(outcome), reportOf(outcome))
  return { plan, outcome }
}

type Figures = {
  readonly data: readonly { readonly key: string; readonly value: number }[]
  readonly total: number
}

async function figures({ api, adminToken: token }: Running, metric: string, by: string): Promise<Figures> {
  const answer = await api.request<Figures>('GET', `/admin/analytics?metric=${metric}&by=${by}&limit=1000`, {
    token,
  })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return answer.body
}

const sumOf = ({ data }: Figures): number =>
  Math.round(data.reduce((sum, { value }) => sum + value, 0) * 100) / 100

/** Units and sales of each SKU, from the files alone. */
function soldIn(plans: readonly Plan[], prices: ReadonlyMap<string, bigint>) {
  const sold = new Map<string, { orders: number; units: number; sales: bigint }>()
  for (const { lines } of plans.flatMap(({ orders }) => orders))
    for (const [sku, quantity] of lines) {
      const { orders, units, sales } = sold.get(sku) ?? { orders: 0, units: 0, sales: 0n }
      const more = (prices.get(sku) ?? 0n) * BigInt(quantity)
      sold.set(sku, { orders: orders + 1, units: units + quantity, sales: sales + more })
    }
  return sold
}

const pricesOf = ({ products }: Plan): ReadonlyMap<string, bigint> =>
  new Map(products.map(({ sku, price }) => [sku, priceMinor(price, 2)]))

async function queried<Row extends object>({ databaseUrl }: Running, sql: string): Promise<readonly Row[]> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  return (await client.query<Row>(sql).finally(() => client.end())).rows
}

/** Sums are the same when they are made anew. */
async function sameAgain(t: Test, shop: Running): Promise<void> {
  const sql = 'select * from analytics.counts order by kind, product_id, hour, currency'
  const before = await queried(shop, sql)
  t.ok(before.length > 0)
  t.equal(await rebuildAnalytics(shop.databaseUrl, () => undefined), before.length)
  t.same(await queried(shop, sql), before)
}

/** What the figures say of each product is what the file does, and so are the sums of days. */
async function compareProducts(t: Test, shop: Running, plan: Plan): Promise<void> {
  const sold = soldIn([plan], pricesOf(plan))
  const products = await queried<{ id: string; sku: string }>(shop, 'select id, sku from inventory.products')
  const skus = new Map(products.map(({ id, sku }) => [id, sku]))
  const total = [...sold.values()].reduce((sum, { units }) => sum + units, 0)
  const all = await figures(shop, 'units', 'day')
  t.same([all.total, sumOf(all)], [total, total])
  t.equal(sumOf(await figures(shop, 'units', 'category')), total)
  for (const metric of ['orders', 'units', 'sales'] as const) {
    const { data } = await figures(shop, metric, 'product')
    const wrong = data.filter(({ key, value }) => {
      const expected = sold.get(skus.get(key) ?? '')?.[metric] ?? 0
      return typeof expected === 'bigint' ? Math.round(value * 100) !== Number(expected) : value !== expected
    })
    t.same(wrong, [], metric)
    t.equal(data.length, Math.min(1_000, sold.size), metric)
  }
}

/** Days that are computed from the orders' own rows, as the shop keeps them. */
async function compareDays(t: Test, shop: Running): Promise<void> {
  const rows = await queried<{ day: string; orders: number; minor: string }>(
    shop,
    `select to_char((select min((h ->> 'at')::timestamptz) from jsonb_array_elements(history::jsonb) as h
        where h ->> 'status' = 'confirmed') at time zone 'UTC', 'YYYY-MM-DD') as day,
      count(*)::int as orders, sum(total_minor) as minor
     from orders.orders where status = 'confirmed' group by 1 order by 1`,
  )
  const there = ({ data }: Figures) => data.flatMap(({ key, value }) => (value === 0 ? [] : [[key, value]]))
  t.same(
    there(await figures(shop, 'orders', 'day')),
    rows.map(({ day, orders }) => [day, orders]),
  )
  t.same(
    there(await figures(shop, 'sales', 'day')),
    rows.map(({ day, minor }) => [day, Number(minor) / 100]),
  )
}

const countOrders = `select count(*)::int as count from analytics.facts
  where kind = 'ordered' and product_id = '00000000-0000-0000-0000-000000000000'`

for (const month of months)
  t.test(`the orders of ${month}, through kill -9 in the middle of counting`, { skip }, async (t) => {
    const shop = await openOneProcess(t, { SEED_DEMO: 'false', CURRENCY: 'EUR' })
    const replaying = replayed(t, shop, month)
    await eventually(
      'some orders are counted',
      async () => {
        const [row] = await queried<{ count: number }>(shop, countOrders)
        return (row?.count ?? 0) > ordersOfPart / 4
      },
      600_000,
    )
    process.kill(shop.processes.get('stack')?.[0]?.pid ?? 0, 'SIGKILL')
    // At the same address, where the replay goes on.
    const next = spawnMain(t, 'cmd/stack', { ...shop.env, PORT: new URL(shop.url).port })
    await next.says(/^ready (\S+)/m, 240_000)
    const { plan } = await replaying
    const again = { ...shop, adminToken: await shop.api.logIn(admin.email, admin.password) }
    await eventually(
      'all orders are counted',
      async () => {
        return (await figures(again, 'orders', 'day')).total === plan.orders.length
      },
      120_000,
    )
    await compareProducts(t, again, plan)
    await compareDays(t, again)
    await sameAgain(t, again)
    await shop.auditIsClean()
  })

t.test('the money of orders through checkout', { skip }, async (t) => {
  const settings = { SEED_DEMO: 'false', CURRENCY: 'EUR', PAYMENT_ATTEMPTS_PER_HOUR: '100000' }
  const shop = await openOneProcess(t, settings)
  const { paymentSandboxUrl } = (await readStackFile(shop.env.DATA_DIR ?? '')) ?? {}
  const { plan, outcome } = await replayed(t, shop, '2011-01', {
    currency: 'EUR',
    sandboxUrl: paymentSandboxUrl,
  })
  const [orders, byCard] = [plan.orders.length, Number(outcome.money?.dueByCard) / 100]
  const terms = { prices: pricesOf(plan), decimals: 2, isTaxIncluded: false }
  const due = plan.orders.reduce((sum, { lines }) => sum + moneyOf(lines, terms).total, 0n)
  await eventually(
    'all orders are counted',
    async () => {
      const carts = await figures(shop, 'conversion', 'day')
      return (await figures(shop, 'orders', 'day')).total === orders && carts.total === 1
    },
    120_000,
  )
  await eventually(
    'all money is counted',
    async () => (await figures(shop, 'revenue', 'day')).total === byCard,
    120_000,
  )
  t.ok(byCard > 0)
  t.equal(sumOf(await figures(shop, 'revenue', 'hour')), byCard)
  t.equal((await figures(shop, 'sales', 'day')).total, Number(due) / 100)
  for (const metric of ['carts', 'checkouts'])
    t.equal((await figures(shop, metric, 'day')).total, orders, metric)
  await compareProducts(t, shop, plan)
  await sameAgain(t, shop)
})
