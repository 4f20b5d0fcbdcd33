import pg from 'pg'
import t, { type Test } from 'tap'
import { storingServices } from '../services.ts'
import { testDatabase } from '../platform/testing/database.ts'
import type { OrderBody } from './testing/api.ts'
import { openOneProcess, type Shop } from './testing/shop.ts'

/** The sweeper never comes: what happens, happens by events. */
const withoutSweeper = { SWEEP_INTERVAL_MS: '3600000' }

/** URLs of databases that the stack makes, each dropped with the test. */
async function newDatabases(t: Test, services: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { url: sibling } = await testDatabase(t)
  const urls = services.map(
    (service) => [`${service.toUpperCase()}_DATABASE_URL`, `${sibling}_${service}`] as const,
  )
  t.teardown(async () => {
    const client = new pg.Client({ connectionString: sibling })
    await client.connect()
    for (const [, url] of urls)
      await client.query(`drop database if exists "${new URL(url).pathname.slice(1)}" with (force)`)
    await client.end()
  })
  return Object.fromEntries(urls)
}

async function buyAndCancel(t: Test, shop: Shop): Promise<void> {
  const { api, newProduct, settled } = shop
  const product = await newProduct(10)
  const token = await api.newCustomer()
  const body = { items: [{ productId: product.id, quantity: 2 }] }
  const placed = await Promise.all(
    Array.from({ length: 7 }, () => api.request<OrderBody>('POST', '/orders', { token, body })),
  )
  const orders = await Promise.all(
    placed.filter(({ status }) => status === 201).map((order) => settled(order.body.id, token)),
  )
  t.equal(orders.filter(({ status }) => status === 'confirmed').length, 5, 'as many as there is stock for')
  const first = orders.find(({ status }) => status === 'confirmed')
  const path = `/orders/${first?.id ?? ''}/cancel`
  t.equal((await api.request('POST', path, { token, body: {} })).status, 200)
  await shop.auditIsClean()
}

type Audit = {
  readonly invariants: readonly { readonly name: string; readonly offenders: readonly string[] }[]
}

const skipped = async ({ api, adminToken }: Shop): Promise<readonly string[]> => {
  const { body } = await api.request<Audit>('GET', '/admin/audit', { token: adminToken })
  return body.invariants
    .filter(({ offenders }) => offenders.some((text) => text.startsWith('skipped')))
    .map(({ name }) => name)
}

t.test('every service on a database of its own', async (t) => {
  const shop = await openOneProcess(t, { ...withoutSweeper, ...(await newDatabases(t, storingServices)) })
  await buyAndCancel(t, shop)
  t.same(
    await skipped(shop),
    [
      ...[
        'orders-and-stock',
        'returned-goods',
        'resent-shipments',
        'reservations-and-ledger',
        'index-and-catalogue',
      ],
      'orders-and-redemptions',
      ...[
        'carts-and-orders',
        'goods-and-money',
        'orders-and-money',
        'orders-flagged',
        'paid-was-covered',
        'orders-and-gates',
        'receipts-of-orders',
        'erased-people',
        'deliveries-of-something',
      ],
    ],
    'the audit says what it cannot compare',
  )
})

t.test('only the orders on a database of their own', async (t) => {
  const shop = await openOneProcess(t, { ...withoutSweeper, ...(await newDatabases(t, ['order'])) })
  await buyAndCancel(t, shop)
})
