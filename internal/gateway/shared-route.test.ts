import fastify from 'fastify'
import { createLog } from '../platform/log.ts'
import t, { type Test } from 'tap'
import { Type } from 'typebox'
import type { Handlers } from '../platform/service.ts'
import type { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { Refusal } from '../platform/refusal.ts'
import { cartTokens, orderTokens } from './guest-tokens.ts'
import { endpoint } from './endpoint.ts'
import { addEndpoints } from './register.ts'
import { sharedAnswers } from './shared-answers.ts'
import { fakeServices, ids, order, product } from './testing/fake-services.ts'
import { testGateway } from './testing/test-gateway.ts'
import { noBus } from './together/bus.ts'
import { togetherBy } from './together/open-together.ts'

type Inventory = Handlers<typeof InventoryService>

/** A gateway in front of a shop with one product, whose stock the test sets. */
async function shop(t: Test, overrides: Partial<Inventory> = {}, orders: object = {}) {
  const shelf = { stock: 7 }
  const shown = () => ({ ...product, stock: shelf.stock })
  const fakes = fakeServices({
    inventory: {
      getProduct: async () => ({ product: shown() }),
      listProducts: async () => ({ products: [shown()], nextKey: 'k', nextId: ids.product }),
      ...overrides,
    },
    orders,
  })
  const { send, asked } = { ...(await testGateway(t, fakes)), asked: fakes.asked }
  const reads = (method: string): number => asked.filter((call) => call.method === method).length
  return { send, asked, reads, shelf }
}

const one = `GET /products/${ids.product}`
const page = 'GET /products?limit=5'
const inStock = 'GET /products?inStock=true'

t.test('what was read for one is given to others, whole', async (t) => {
  const { send, reads } = await shop(t)
  const first = await send(one, { headers: { 'x-request-id': 'first' } })
  const second = await send(one, { as: 'customer', headers: { 'x-request-id': 'second' } })
  t.equal(reads('getProduct'), 1)
  t.strictSame(second.json(), first.json())
  t.equal(second.headers.etag, '"3"')
  t.equal(second.headers['content-type'], first.headers['content-type'])
  t.equal(second.headers['content-length'], first.headers['content-length'])
  t.equal(second.headers['x-request-id'], 'second', 'but what is its own')
  t.not(second.headers['ratelimit-remaining'], undefined)
  const head = await send(one.replace('GET', 'HEAD'))
  t.strictSame([head.statusCode, head.body, head.headers.etag], [200, '', '"3"'])
  t.equal(head.headers['content-length'], first.headers['content-length'])
})

t.test('each page and each search is an answer of its own', async (t) => {
  const { send, reads } = await shop(t)
  const urls = ['/products', '/products?limit=5', '/products?q=a', '/products?q=A', '/products?sort=name']
  for (const url of [...urls, ...urls]) t.equal((await send(`GET ${url}`)).statusCode, 200)
  t.equal(reads('listProducts') + reads('searchProducts'), urls.length)
})

t.test('a version that the client has is sent again: the ETag says nothing of the stock', async (t) => {
  const { send } = await shop(t)
  for (const turn of ['read', 'kept']) {
    const answer = await send(one, { headers: { 'if-none-match': '"3"' } })
    t.equal(answer.statusCode, 200, turn)
    t.match(answer.json(), { stock: 7 })
  }
})

t.test('whatever is refused is not kept', async (t) => {
  let isThere = false
  const getProduct = async () => {
    if (!isThere) throw new Refusal('not-found', 'product.not-found', 'there is no such product')
    return { product }
  }
  const { send } = await shop(t, { getProduct })
  t.equal((await send(one)).statusCode, 404)
  isThere = true
  t.equal((await send(one)).statusCode, 200)
  for (const turn of ['first', 'again']) t.equal((await send('GET /products?limit=0')).statusCode, 400, turn)
})

for (const [what, write, ends] of [
  ['a change', { route: `PATCH /products/${ids.product}`, body: { name: 'Cup' } }, [one, page, inStock]],
  [
    'a change by an id in capitals',
    { route: `PATCH /products/${ids.product.toUpperCase()}`, body: { name: 'Cup' } },
    [one, page, inStock],
  ],
  ['a deletion', { route: `DELETE /products/${ids.product}` }, [one, page, inStock]],
  [
    'an adjustment',
    { route: `POST /products/${ids.product}/stock`, body: { quantity: 5, reason: 'delivery' } },
    [one, page, inStock],
  ],
  [
    'a new product',
    { route: 'POST /products', body: { name: 'Mug', category: 'kitchen', price: 1, stock: 1 } },
    [page, inStock],
  ],
] as const) {
  t.test(`whoever made ${what} here sees it at once`, async (t) => {
    const { send, shelf } = await shop(t)
    for (const route of ends) await send(route)
    shelf.stock = 12
    const { route, ...rest } = write
    t.ok((await send(route, { as: 'admin', ...rest })).statusCode < 300)
    for (const route of ends) t.match((await send(route)).body, '"stock":12', route)
  })
}

t.test('a list that is chosen by stock changes with the stock of what it does not show', async (t) => {
  let products: readonly (typeof product)[] = []
  const { send, reads } = await shop(t, { listProducts: async () => ({ products }) })
  t.strictSame((await send(inStock)).json(), { data: [], nextCursor: null })
  await send(page)
  products = [product]
  const delivery = { quantity: 5, reason: 'delivery' }
  await send(`POST /products/${ids.product}/stock`, { as: 'admin', body: delivery })
  t.match((await send(inStock)).json(), { data: [{ id: ids.product }] })
  await send(page)
  t.equal(reads('listProducts'), 3, 'other lists do not')
})

t.test('a change that is not answered may have been made', async (t) => {
  const updateProduct = async (): Promise<never> => {
    throw new Refusal('unavailable', 'service.unavailable', 'no answer')
  }
  const { send, shelf } = await shop(t, { updateProduct })
  await send(one)
  shelf.stock = 12
  await send(`PATCH /products/${ids.product}`, { as: 'admin', body: { name: 'Cup' } })
  t.match((await send(one)).json(), { stock: 12 })
})

const settled = { ...order, status: 'confirmed', version: 2 }

const told = async () => ({ order: settled, replayed: true })
const items = [{ productId: ids.product, quantity: 2 }]

for (const [what, route, orders, body] of [
  ['an order', `GET /orders/${ids.order}`, { getOrder: told }],
  ['their orders', 'GET /orders', { listOrders: async () => ({ orders: [settled] }) }],
  ['an order that was placed before', 'POST /orders', { placeOrder: told }, { items }],
  ['its cancellation', `POST /orders/${ids.order}/cancel`, { cancelOrder: told }],
  ['its next state', `PATCH /orders/${ids.order}`, { changeOrderStatus: told }, { status: 'paid' }],
] as const) {
  t.test(`whoever is shown ${what}, settled, sees the stock that it has left`, async (t) => {
    const { send, shelf } = await shop(t, {}, orders)
    for (const read of [one, page, inStock]) await send(read)
    shelf.stock = 5
    t.ok((await send(route, { as: 'admin', body })).statusCode < 300)
    for (const read of [one, page, inStock]) t.match((await send(read)).body, '"stock":5', read)
  })
}

t.test('an order that has been shown before, or is pending, ends nothing', async (t) => {
  let shown = settled
  const { send, reads } = await shop(t, {}, { getOrder: async () => ({ order: shown }) })
  const orderRoute = `GET /orders/${ids.order}`
  await send(orderRoute, { as: 'customer' })
  await send(one)
  await send(orderRoute, { as: 'customer' })
  shown = { ...order, version: 7 }
  await send(orderRoute, { as: 'customer' })
  await send(one)
  t.equal(reads('getProduct'), 1)
  shown = { ...settled, version: 3 }
  await send(orderRoute, { as: 'customer' })
  await send(one)
  t.equal(reads('getProduct'), 2)
})

t.test('what is read for all is read for nobody', async (t) => {
  const { send, asked } = await shop(t)
  await send(one, { as: 'admin' })
  await send(page, { as: 'customer' })
  t.strictSame(
    asked.map(({ call }) => call.actor),
    [undefined, undefined],
  )
})

t.test('what belongs to someone is asked for each time', async (t) => {
  const { send, asked } = await shop(t)
  for (const as of ['customer', 'admin', 'customer'] as const) await send('GET /orders', { as })
  t.equal((await send('GET /orders')).statusCode, 401)
  t.strictSame(
    asked.map(({ call }) => call.actor?.kind === 'user' && call.actor.userId),
    [ids.customer, ids.admin, ids.customer],
  )
})

for (const [what, wrong] of [
  ['for those who are logged in', { access: 'customer' }],
  ['that change something', { method: 'POST' }],
  ['that depend on a header', { headers: Type.Object({}) }],
] as const) {
  t.test(`routes ${what} cannot be shared`, async (t) => {
    const app = fastify()
    const answers = sharedAnswers({
      ...{ maxAgeMs: 1, maxCharacters: 1, maxChanges: 1 },
      nowMs: () => 0,
      onReading: () => undefined,
    })
    const planted = endpoint({
      ...{ method: 'GET', path: '/planted', access: 'anyone', tag: 'x', id: 'planted', summary: 'x' },
      ...{ status: 200, response: Type.Null() },
      handle: async () => ({ body: null }),
      shows: () => [],
      ...wrong,
    })
    const limits = {
      jwtSecret: 'x',
      loginLimitPerMinute: 1,
      loginFailuresPerMinute: 1,
      accountOf: async () => [],
      ...{ cartTokens: cartTokens(['x']), orderTokens: orderTokens(['x']) },
      guestCartsPerMinute: 1,
      together: togetherBy(noBus, 'x'),
      staffSecondFactor: 'optional' as const,
      visits: { add: () => undefined },
      log: createLog('test', 'silent'),
    }
    t.throws(() => addEndpoints(app, [planted], limits, answers), /can't be shared/)
    await app.close()
  })
}
