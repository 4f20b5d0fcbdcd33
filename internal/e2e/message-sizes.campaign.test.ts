import { noCartCalls } from '../order/testing/no-checkout.ts'
import { noPaymentCalls } from '../order/testing/no-payments.ts'
import pg from 'pg'
import t from 'tap'
import { InventoryService, type ListProductsRequestSchema } from '../gen/inventory/v1/inventory_pb.ts'
import { OrderService, type OrderSchema } from '../gen/order/v1/order_pb.ts'
import { ReactionService } from '../gen/reaction/v1/reaction_pb.ts'
import { openInventoryService } from '../inventory/open-inventory-service.ts'
import { openOrderService } from '../order/open-order-service.ts'
import { systemCall, type Call } from '../platform/call.ts'
import { newId } from '../platform/new-id.ts'
import { remote, serveRpc } from '../platform/rpc.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { silent, testConnection, testScope } from '../platform/testing/scope.ts'
import type { Wire } from '../platform/wire.ts'
import { noErasures } from '../platform/testing/no-erasures.ts'

// Services in processes of their own on a broker with its default limit for a message, 1 MiB. Whatever was accepted can be
// published, answered and listed.

const maxEventBytes = 1_000_000
const { url } = await testDatabase(t)
const database = { url, applicationName: 'test', maxConnections: 5, statementTimeoutMs: 20_000 }
const broker = await testNats(t)
const serving = await testConnection(t, broker.url, 'services')
const asking = await testConnection(t, broker.url, 'caller')
const scope = testScope(t)
const wakeProducer = (): void => undefined
const options = { log: silent, database, wakeProducer }
const { handlers } = await openInventoryService(scope, {
  ...options,
  currency: 'USD',
  lowStockUnits: 0,
  imagesDir: '',
  imagesMaxBytes: 0,
})
serveRpc(scope, silent, serving, 'inventory', InventoryService, handlers)
const inventory = remote(asking, 'inventory', InventoryService)
const nothing = { ...noCartCalls, payment: noPaymentCalls, user: noErasures }
const order = openOrderService(scope, { ...options, ...nothing, inventory })
serveRpc(scope, silent, serving, 'order', OrderService, order.handlers)
const orders = remote(asking, 'order', OrderService)
serveRpc(scope, silent, serving, 'order-reactions', ReactionService, order.reactions)
await serving.connection.flush()
const client = new pg.Client({ connectionString: url })
await client.connect()
t.teardown(() => client.end())

const customer: Call = {
  actor: { kind: 'user', userId: newId(), role: 'customer' },
  correlationId: 'test',
  traceparent: '',
}

/** Products as they are in the tables; the text may be one that only earlier versions took. */
async function addProducts(count: number, name: string, description = '', category = newId()) {
  const { rows } = await client.query<{ id: string }>(
    `with added as (
      insert into inventory.products (id, sku, name, category, description, images,
        price_minor, currency, created_at, updated_at)
      select uuidv7(), repeat('🎁', 30) || $1 || n, $2, $1, $3, '{}', 100, 'USD', now(), now() from generate_series(1, $4::int) n
      returning id
    ), stocked as (
      insert into inventory.stock (product_id, available) select id, 1000000 from added
    ) select id from added order by id`,
    [category, name, description, count],
  )
  return { category, ids: rows.map(({ id }) => id) }
}

const placeAll = (ids: readonly string[]) =>
  orders.placeOrder(
    { items: ids.map((productId) => ({ productId, quantity: 1 })), idempotencyKey: '' },
    customer,
  )

t.test('an order is accepted only if its events can be published', async (t) => {
  const emoji = await addProducts(1_000, '🎁'.repeat(200))
  const legacy = await addProducts(1_000, '\u0001'.repeat(200))
  const plain = await addProducts(1_000, 'A name as people give it')
  await t.rejects(placeAll(emoji.ids), { kind: 'invalid', code: 'order.too-large' })
  await t.rejects(placeAll(legacy.ids), { kind: 'invalid', code: 'order.too-large' })
  for (const ids of [emoji.ids.slice(0, 500), legacy.ids.slice(0, 500), plain.ids]) {
    const { order: placed } = await placeAll(ids)
    const reason = '🎁'.repeat(500)
    const { order: canceled } = await orders.cancelOrder({ id: placed.id, reason }, customer)
    t.match(canceled, { status: 'canceled', items: { length: ids.length } })
    const { rows } = await client.query<{ subject: string; bytes: number }>(
      'select subject, octet_length(data) as bytes from producer.outbox where aggregate_id = $1 order by seq',
      [placed.id],
    )
    t.match(rows, [{ subject: 'order.created' }, { subject: 'order.canceled' }])
    for (const { bytes } of rows) t.ok(bytes < maxEventBytes - 10_000, `${bytes} bytes`)
  }
})

t.test('the largest orders are settled by events and by the sweep', async (t) => {
  const { ids } = await addProducts(1_000, 'Settled')
  const placed: Wire<typeof OrderSchema>[] = []
  for (let n = 0; n < 9; n++) placed.push((await placeAll(ids)).order)
  await order.reactions.sweep({ olderThanSeconds: 0 }, systemCall('test'))
  for (const { id } of placed)
    t.match(await orders.getOrder({ id }, customer), { order: { status: 'confirmed' } })
})

async function listProducts(request: Partial<Wire<typeof ListProductsRequestSchema>>) {
  const listed: { id: string }[] = []
  let pages = 0
  let after: { readonly afterKey?: string; readonly afterId?: string } = {}
  do {
    const page = await inventory.listProducts({ sort: 'newest', limit: 100, ...request, ...after }, customer)
    listed.push(...page.products)
    pages++
    after = page.nextId === undefined ? {} : { afterKey: page.nextKey ?? '', afterId: page.nextId }
  } while (after.afterId !== undefined)
  return { ids: listed.map(({ id }) => id), pages }
}

for (const [what, description, most] of [
  ['Japanese', '水'.repeat(4_000), 2],
  ['emoji', '🎁'.repeat(10_000), 5],
  ['control characters of earlier versions', '\u0001'.repeat(10_000), 7],
  ['quotation marks', '"'.repeat(10_000), 3],
] as const)
  t.test(`a list of products ends its page early: ${what}`, async (t) => {
    const { ids, category } = await addProducts(100, 'Verbose', description)
    for (const sort of ['newest', '-price']) {
      const listed = await listProducts({ category, sort })
      t.same(listed.ids.toSorted(), ids, `${sort}: each of them once`)
      t.ok(listed.pages > 1 && listed.pages <= most, `${listed.pages} pages`)
    }
  })

t.test('a list of orders ends its page early', async (t) => {
  const { ids } = await addProducts(400, '🎁'.repeat(200))
  const own: Call = { ...customer, actor: { kind: 'user', userId: newId(), role: 'customer' } }
  const items = ids.map((productId) => ({ productId, quantity: 1 }))
  const placed: string[] = []
  for (let n = 0; n < 6; n++)
    placed.push((await orders.placeOrder({ items, idempotencyKey: '' }, own)).order.id)
  const listed: string[] = []
  let afterId: string | undefined
  do {
    const page = await orders.listOrders({ limit: 100, afterId }, own)
    listed.push(...page.orders.map(({ id }) => id))
    afterId = page.nextId
  } while (afterId !== undefined)
  t.same(listed, placed.toReversed())
})
