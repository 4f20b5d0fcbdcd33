import { credentials, loadPackageDefinition, status, type Client, type ServiceError } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf'
import { protoPath } from 'grpc-health-check'
import { type Test } from 'tap'
import { outsideMethods } from '../../grpc/outside-methods.ts'
import { clientOf } from '../../grpc/testing/test-edge.ts'
import { newId } from '../../platform/new-id.ts'
import { seededRandom } from '../../platform/seeded-random.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { services } from '../../services.ts'
import type { OrderBody } from './api.ts'
import type { Shop } from './shop.ts'

/** Where each service of a shop answers gRPC. */
export type Edges = Readonly<Record<string, string>>

type Order = { readonly id: string; readonly status: string }
type Product = { readonly id: string; readonly stock: number; readonly version: number }

/** What programs in other languages do, which know the proto files and nothing else. */
export function grpcSuite(t: Test, shop: Shop, edges: Edges): void {
  const { api, adminToken } = shop
  const inventory = clientOf(t, edges.inventory ?? '', 'inventory.v1.InventoryService')
  const search = clientOf(t, edges.search ?? '', 'search.v1.SearchService')
  const orders = clientOf(t, edges.order ?? '', 'order.v1.OrderService')
  const users = clientOf(t, edges.user ?? '', 'user.v1.UserService')
  const addProduct = async (stock: number, key: string): Promise<Product> => {
    const product = { name: 'gRPC', category: 'test', priceMinor: '250', stock }
    const metadata = { 'idempotency-key': key }
    const answer = await inventory('CreateProduct', product, { token: adminToken, metadata })
    t.equal(answer.code, status.OK, answer.text)
    return answer.body.product as Product
  }

  t.test('an order that is placed twice under one key is one order, over gRPC and over HTTP', async (t) => {
    const product = await addProduct(5, newId())
    const token = await api.newCustomer()
    const items = [{ productId: product.id, quantity: 2 }]
    const options = { token, metadata: { 'idempotency-key': 'order-1' } }
    const first = await orders('PlaceOrder', { items }, options)
    const again = await orders('PlaceOrder', { items }, options)
    const { id } = first.body.order as Order
    t.match(again, { code: status.OK, body: { replayed: true, order: { id } } })
    const headers = { 'idempotency-key': 'order-1' }
    const rest = await api.request<OrderBody>('POST', '/orders', { token, body: { items }, headers })
    t.match(rest, { status: 201, body: { id } })
    const other = await orders('PlaceOrder', { items: [{ productId: product.id, quantity: 1 }] }, options)
    t.match(other, { code: status.INVALID_ARGUMENT, errorCode: 'order.idempotency-key-reused' })
    const settled = await eventually('the order is settled', async () => {
      const { body } = await orders('GetOrder', { id }, { token })
      return (body.order as Order).status !== 'pending' && (body.order as Order)
    })
    t.equal(settled.status, 'confirmed')
    t.match(await inventory('GetStock', { productIds: [product.id] }), {
      body: { levels: [{ available: 3 }] },
    })
  })

  t.test('what is refused has the code and the details that it has over HTTP', async (t) => {
    const product = await addProduct(1, newId())
    const token = await api.newCustomer()
    const items = [{ productId: product.id, quantity: 2 }]
    const refused = await orders('PlaceOrder', { items }, { token })
    t.match(refused, { code: status.FAILED_PRECONDITION, errorCode: 'order.out-of-stock' })
    const stale = { id: product.id, expectedVersion: product.version + 1, name: 'New' }
    t.match(await inventory('UpdateProduct', stale, { token: adminToken }), {
      errorCode: 'product.version-mismatch',
    })
    const strangers = await orders('GetOrder', { id: newId() }, { token })
    t.match(strangers, { code: status.NOT_FOUND, errorCode: 'order.not-found' })
  })

  t.test('what is searched is found, and read together', async (t) => {
    const name = `Zephyrlamp ${newId().slice(-6)}`
    const product = { name, category: 'test', priceMinor: '250', stock: 1 }
    const made = await inventory('CreateProduct', product, { token: adminToken })
    const { id } = made.body.product as Product
    const asked = { query: name, sort: 'relevance', limit: 5, facets: ['category'] }
    const isThere = async () => {
      const { body } = await search('SearchProducts', asked, {})
      return (body.productIds as readonly string[]).includes(id)
    }
    await eventually('it is in the index', isThere)
    // Facets and page are two statements: only a search that begins after it was found must count it.
    const found = await search('SearchProducts', asked, {})
    t.match(found, { code: status.OK, body: { facets: [{ values: [{ value: 'test', count: 1 }] }] } })
    t.match(await inventory('ReadProducts', { ids: [id] }, {}), { body: { products: [{ id, name }] } })
    t.match(await search('SearchProducts', { ...asked, limit: 0 }, {}), {
      ...{ code: status.INVALID_ARGUMENT, errorCode: 'search.invalid' },
    })
    const forged = { ...asked, sort: 'newest', after: ['written', '1', '-'.repeat(36)] }
    t.match(await search('SearchProducts', forged, {}), { errorCode: 'search.invalid-position' })
  })

  t.test('a product that is added eight times at once under one key is one product', async (t) => {
    const key = newId()
    const all = await Promise.all(Array.from({ length: 8 }, () => addProduct(3, key)))
    t.equal(new Set(all.map(({ id }) => id)).size, 1)
  })

  t.test('a session that has ended is refused by every edge within a second', async (t) => {
    const token = await api.newCustomer()
    const calls = [
      () => orders('ListOrders', { limit: 1 }, { token }),
      () => users('ListAddresses', {}, { token }),
    ]
    for (const call of calls) t.equal((await call()).code, status.OK)
    t.equal((await api.request('POST', '/auth/logout', { token })).status, 204)
    const endedAt = performance.now()
    for (const call of calls) {
      await eventually('it is refused', async () => (await call()).errorCode === 'auth.session-revoked')
      t.comment(`refused ${Math.round(performance.now() - endedAt)} ms after the logout`)
    }
  })

  t.test('an API key may what it was given', async (t) => {
    const body = { name: 'gRPC', scopes: ['products:write'] }
    const made = await api.request<{ key: string }>('POST', '/admin/api-keys', { token: adminToken, body })
    const { key } = made.body
    const product = { name: 'By key', category: 'test', priceMinor: '1', stock: 1 }
    t.equal((await inventory('CreateProduct', product, { token: key })).code, status.OK)
    const stock = await inventory('AdjustStock', { quantity: 1 }, { token: key })
    t.match(stock, { code: status.PERMISSION_DENIED, errorCode: 'auth.permission-missing' })
  })

  t.test('odd requests are refused or done, and none of them is a bug', async (t) => {
    const random = seededRandom(20261129)
    const clients = { inventory, search, order: orders, user: users }
    for (const { name: service, contract, grpc } of services) {
      if (!contract || !grpc) continue
      const client = clients[service as keyof typeof clients]
      for (const { desc } of outsideMethods(contract))
        for (let round = 0; round < 12; round++) {
          const request = oddMessage(desc.input, random)
          const { code, text } = await client(desc.name, request, { token: adminToken })
          const isTold = code !== status.INTERNAL && code !== status.UNKNOWN && code !== status.UNAVAILABLE
          if (!isTold) t.fail(`${desc.name} ${JSON.stringify(request).slice(0, 500)}: ${code} ${text}`)
        }
    }
    t.pass('all were answered')
  })

  t.test('all of them say that they are well, and the producer has nothing else to say', async (t) => {
    for (const address of Object.values(edges)) t.equal(await healthOf(t, address), 'SERVING', address)
    const producer = clientOf(t, edges.producer ?? '', 'order.v1.OrderService')
    t.equal((await producer('ListOrders', {}, { token: adminToken })).code, status.UNIMPLEMENTED)
  })
}

const texts = [
  '',
  'x',
  '-1',
  '1e9',
  '0192d3f4-0000-7000-8000-000000000000',
  'ä'.repeat(3_000),
  "' or 1=1",
  '\u0007',
  'paid',
  '2026-01-01T00:00:00Z',
]
const numbers = [0, 1, -1, 100, 2_147_483_647, -2_147_483_648]

/** Fields that are there or not, with values that nobody should send. */
function oddMessage(desc: DescMessage, random: () => number): Record<string, unknown> {
  const chosen = desc.fields.filter(() => random() < 0.8)
  return Object.fromEntries(chosen.map((field) => [field.localName, oddValue(field, random)]))
}

function oddValue(field: DescField, random: () => number): unknown {
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!
  if (field.fieldKind === 'list') {
    const item = (): unknown =>
      field.listKind === 'message'
        ? oddMessage(field.message, random)
        : pick<unknown>(field.listKind === 'scalar' ? texts : [0])
    return Array.from({ length: pick([0, 1, 3]) }, item)
  }
  if (field.fieldKind === 'message') return oddMessage(field.message, random)
  if (field.fieldKind !== 'scalar') return undefined
  const values = {
    string: texts,
    boolean: [true, false],
    number: numbers,
    bigint: ['0', '-1', '9223372036854775807'],
  }
  return pick<unknown>(values[kindOf(field)])
}

function kindOf({ scalar }: DescField & { fieldKind: 'scalar' }): 'string' | 'boolean' | 'number' | 'bigint' {
  if (scalar === ScalarType.STRING) return 'string'
  if (scalar === ScalarType.BOOL) return 'boolean'
  return [ScalarType.INT64, ScalarType.UINT64, ScalarType.SINT64].includes(scalar) ? 'bigint' : 'number'
}

function healthOf(t: Test, address: string): Promise<string> {
  type Checks = {
    readonly Check: (
      asked: object,
      done: (err: ServiceError | null, answer?: { status: string }) => void,
    ) => void
  }
  const loaded = loadPackageDefinition(loadSync(protoPath, { enums: String })) as unknown as {
    grpc: { health: { v1: { Health: new (address: string, channel: unknown) => Client & Checks } } }
  }
  const client = new loaded.grpc.health.v1.Health(address, credentials.createInsecure())
  t.teardown(() => client.close())
  return new Promise((resolve) => {
    client.Check({ service: '' }, (err, answer) => resolve(err ? String(err.code) : (answer?.status ?? '')))
  })
}
