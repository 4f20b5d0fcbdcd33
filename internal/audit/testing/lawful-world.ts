import path from 'node:path'
import pg from 'pg'
import type { Test } from 'tap'
import { migrate } from '../../migrate/migrate.ts'
import { newId } from '../../platform/new-id.ts'
import { testDatabase } from '../../platform/testing/database.ts'

export const [product, order, rejected, canceled, user] = [newId(), newId(), newId(), newId(), newId()]
/** One unit of the order has left, and came back damaged. Another is packed. */
export const [shipment, packed, goods] = [newId(), newId(), newId()]

export const promotion = newId()

const services = [
  ...(['user', 'inventory', 'pricing', 'cart', 'payment', 'order'] as const),
  ...(['producer', 'consumer', 'notification', 'search', 'analytics'] as const),
] as const
type Service = (typeof services)[number]
type Sql = (text: string) => Promise<pg.QueryResult>
export type World = { readonly url: string; readonly sql: Sql }
export type SeparateWorld = {
  readonly urls: Readonly<Record<Service, string>>
  readonly sql: Readonly<Record<Service, Sql>>
}

/** A shop with one product, one account and an order of each outcome, as the services would have left it. */
export async function lawfulWorld(t: Test): Promise<World> {
  const { url } = await testDatabase(t)
  const sql = await connectTo(t, url)
  for (const service of services) if (rowsOf[service]) await sql(rowsOf[service])
  return { url, sql }
}

/** The same shop with a database for each service. */
export async function separateWorld(t: Test): Promise<SeparateWorld> {
  const { url: sibling } = await testDatabase(t)
  const ofSibling = await connectTo(t, sibling)
  const urls = eachService((service) => `${sibling}_${service}`)
  t.teardown(async () => {
    for (const url of Object.values(urls))
      await ofSibling(`drop database if exists "${new URL(url).pathname.slice(1)}" with (force)`)
  })
  await migrate({ databases: urls, prismaDir: path.resolve('prisma') })
  const connected: [Service, Sql][] = []
  for (const service of services) {
    const sql = await connectTo(t, urls[service])
    if (rowsOf[service]) await sql(rowsOf[service])
    connected.push([service, sql])
  }
  const connections = new Map(connected)
  return { urls, sql: eachService((service) => connections.get(service)!) }
}

const eachService = <Value>(value: (service: Service) => Value): Record<Service, Value> =>
  Object.fromEntries(services.map((service) => [service, value(service)])) as Record<Service, Value> // all of them

async function connectTo(t: Test, url: string): Promise<Sql> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined) // its database may be dropped first
  await client.connect()
  t.teardown(() => client.end())
  return (text) => client.query(text)
}

export function insertOrder(id: string, steps: readonly string[], quantity: number): string {
  const history = steps.map((status) => ({ status, at: new Date().toISOString(), reason: '' }))
  const subjects = steps.map((status) => `order.${status === 'pending' ? 'created' : status}`)
  return `
    insert into orders.orders (id, user_id, status, total_minor, currency, version, history, idempotency_key, request_digest,
      awaiting_release, created_at, updated_at) values ('${id}', '${user}', '${steps.at(-1)}', ${quantity * 250}, 'USD', ${steps.length},
      '${JSON.stringify(history)}', '${id}', 'digest', false, now(), now());
    insert into orders.order_lines values ('${id}', 1, '${product}', 'MUG', 'mug', ${quantity}, 250);
    ${insertEvents('order', id, subjects)}`
}

export function insertEvents(type: string, id: string, subjects: readonly string[], from = 1): string {
  const rows = subjects.map((subject, index) => {
    return `(now(), '${newId()}', 0, '${type}', '${id}', ${from + index}, '${subject}', '', '{}', '', '', '')`
  })
  return `insert into producer.outbox (occurred_at, id, lane, aggregate_type, aggregate_id, aggregate_version, subject, type,
    data, correlation_id, causation_id, traceparent) values ${rows.join(', ')};`
}

function insertPart(kind: 'shipment' | 'return', id: string, steps: readonly string[], rest: string): string {
  const history = JSON.stringify(steps.map((status) => ({ status, at: new Date().toISOString() })))
  const columns = kind === 'shipment' ? 'carrier, tracking_number, tracking_url' : 'return_no'
  return `
    insert into orders.${kind}s (id, order_id, status, version, history, created_at, updated_at, ${columns})
      values ('${id}', '${order}', '${steps.at(-1)}', ${steps.length}, '${history}', now(), now(), ${rest});
    ${insertEvents(
      kind,
      id,
      steps.map((status) => `${kind}.${status}`),
    )}`
}

export const insertUnpublished = (where: string): string =>
  `insert into producer.unpublished (seq, occurred_at, lane, aggregate_id)
    select seq, occurred_at, lane, aggregate_id from producer.outbox where ${where}`

/** What each service has stored, its events among it. */
const rowsOf: Readonly<Record<Service, string>> = {
  user: `
    insert into users.accounts (id, username, email, password_hash, role, created_at, updated_at)
      values ('${user}', 'ann', 'ann@example.com', '', 'customer', now(), now());
    ${insertEvents('user', user, ['user.created'])}`,
  inventory: `
    insert into inventory.products (id, sku, name, category, price_minor, currency, created_at, updated_at)
      values ('${product}', 'MUG', 'mug', 'kitchen', 250, 'USD', now(), now());
    insert into inventory.stock values ('${product}', 7, 0);
    insert into inventory.stock_movements (product_id, order_id, kind, quantity, at) values
      ('${product}', null, 'restock', 10, now()), ('${product}', '${order}', 'reserve', -3, now()),
      ('${product}', '${canceled}', 'reserve', -2, now()), ('${product}', '${canceled}', 'release', 2, now());
    insert into inventory.stock_movements (product_id, order_id, kind, quantity, step, at) values
      ('${product}', '${order}', 'return', 1, 1, now()), ('${product}', '${order}', 'write-off', -1, 1, now());
    insert into inventory.reservations values ('${order}', 'held', null, 2, now(), now()),
      ('${rejected}', 'rejected', '[]', 1, now(), now()), ('${canceled}', 'released', null, 2, now(), now());
    ${insertEvents('product', product, ['product.created'])}
    ${insertEvents('reservation', order, ['stock.reserved', 'stock.returned'])}
    ${insertEvents('reservation', rejected, ['stock.rejected'])}
    ${insertEvents('reservation', canceled, ['stock.reserved', 'stock.released'])}`,
  pricing: `
    insert into pricing.promotions (id, code, code_key, description, kind, percent_ppm, currency, redemption_limit,
      customer_limit, redeemed, created_at, updated_at)
      values ('${promotion}', 'TEN', 'ten', '10 % off', 'percent', 100000, 'USD', 1, 1, 1, now(), now());
    insert into pricing.redemption_holds values ('${order}', 1, 'held', null, now(), now()),
      ('${rejected}', 1, 'refused', '[]', now(), now()), ('${canceled}', 1, 'released', null, now(), now());
    insert into pricing.redemptions values ('${order}', 1, '${promotion}', '${user}', 1)`,
  order: `
    ${insertOrder(order, ['pending', 'confirmed'], 3)}
    ${insertOrder(rejected, ['pending', 'rejected'], 100)}
    ${insertOrder(canceled, ['pending', 'confirmed', 'canceled'], 2)}
    update orders.order_lines set packed = 2, shipped = 1, returned = 1 where order_id = '${order}';
    update orders.orders set fulfilment_status = 'partial', return_status = 'returned' where id = '${order}';
    ${insertPart('shipment', shipment, ['packed', 'shipped', 'delivered'], `'Post', '', ''`)}
    ${insertPart('shipment', packed, ['packed'], `'', '', ''`)}
    insert into orders.shipment_lines values ('${shipment}', 1, 1), ('${packed}', 1, 1);
    ${insertPart('return', goods, ['requested', 'approved', 'received', 'refunded'], '1')}
    insert into orders.return_lines values ('${goods}', 1, 1, '', 0, 1);`,
  cart: '',
  payment: '',
  notification: '',
  search: '',
  analytics: '',
  producer: '',
  consumer: `
    insert into consumer.dead_letters values ('${newId()}', 'settle-created', 'k', 'ORDERS', 1, 'order.created', '', 'open',
      'message.not-json', '', 1, '', '[]', 0, '', now())`,
}
