import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import type { OrderBody } from './testing/api.ts'
import { openManyProcesses } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

// Figures through the gateway, with each service in a process of its own.

t.setTimeout(300_000)

type Figures = {
  readonly data: readonly { readonly key: string; readonly name?: string; readonly value: number }[]
  readonly total: number
}

const shop = await openManyProcesses(t)
const { api, adminToken: token } = shop
const product = await shop.newProduct(100)
const customer = await api.newCustomer()
const agent = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' }

const figures = (metric: string, by = 'day') =>
  api.request<Figures>('GET', `/admin/analytics?metric=${metric}&by=${by}`, { token })

const becomes = (metric: string, total: number) =>
  eventually(`${total} ${metric}`, async () => (await figures(metric)).body.total === total, 60_000)

const view = () => api.request('GET', `/products/${product.id}`, { headers: agent })

async function buy(quantity: number): Promise<void> {
  const body = { items: [{ productId: product.id, quantity }] }
  const order = await api.request<OrderBody>('POST', '/orders', { token: customer, body })
  await shop.settled(order.body.id, customer)
}

/** Until the end of all tests. */
const startAnalytics = () =>
  spawnMain(t, 'cmd/analytics', { ...shop.env, NATS_URL: shop.nats.urlOf('analytics') }).says(
    /"msg":"started"/,
    120_000,
  )

t.test('what happens is counted, while its service is away as well', async (t) => {
  await Promise.all([view(), view(), buy(2)])
  await api.request('GET', '/products?q=product', { headers: agent })
  for (const [metric, total] of [
    ['views', 2],
    ['searches', 1],
    ['orders', 1],
    ['units', 2],
  ] as const)
    await becomes(metric, total)
  process.kill(shop.processes.get('analytics')?.[0]?.pid ?? 0, 'SIGKILL')
  await Promise.all([view(), buy(3)])
  t.equal((await figures('orders')).status, 503)
  await startAnalytics()
  for (const [metric, total] of [
    ['views', 3],
    ['orders', 2],
    ['units', 5],
    ['sales', 62.5],
  ] as const)
    await becomes(metric, total)
})

t.test('products are named, and categories have paths', async (t) => {
  t.match((await figures('units', 'product')).body, {
    data: [{ key: product.id, name: 'Product 1', value: 5 }],
  })
  t.same((await figures('sales', 'category')).body.data, [{ key: 'test', value: 62.5 }])
})

t.test('an order counts as revenue when it is paid', async (t) => {
  t.equal((await figures('revenue')).body.total, 0)
  const { body } = await api.request<{ data: readonly OrderBody[] }>('GET', '/orders', { token: customer })
  const paid = { token, body: { status: 'paid', reference: 'bank 1' } }
  const { status } = await api.request('PATCH', `/orders/${body.data[0]?.id ?? ''}`, paid)
  t.equal(status, 200)
  await becomes('revenue', 37.5)
  await shop.auditIsClean()
})
