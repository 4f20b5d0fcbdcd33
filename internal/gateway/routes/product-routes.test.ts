import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { fakeServices, ids, product } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const { priceMinor: _minor, uploadedImages: _uploaded, ...rest } = product
const shown = {
  ...rest,
  categoryPath: ['kitchen'],
  images: [{ url: 'https://example.com/mug.png' }],
  price: 999.99,
}

t.test('a product shows decimals, and its version as its ETag', async (t) => {
  const { send } = await testGateway(t)
  const answer = await send(`GET /products/${ids.product}`)
  t.strictSame(answer.json(), shown)
  t.equal(answer.headers.etag, '"3"')
})

t.test('uploaded images come first, with the addresses of their files', async (t) => {
  const image = { id: ids.image, alt: 'A mug', width: 1_600, height: 900 }
  const pictured = { ...product, uploadedImages: [image, { ...image, alt: '' }] }
  const { send } = await testGateway(
    t,
    fakeServices({ inventory: { getProduct: async () => ({ product: pictured }) } }),
  )
  const at = (preset: string) => `/images/${ids.image}/${preset}`
  const presets = { thumb: at('thumb'), card: at('card'), page: at('page') }
  const { alt, ...plain } = { ...image, url: at('page'), presets }
  t.strictSame((await send(`GET /products/${ids.product}`)).json<{ images: unknown }>().images, [
    { ...plain, alt },
    plain,
    { url: 'https://example.com/mug.png' },
  ])
})

t.test('adding a product turns decimals into minor units', async (t) => {
  const { send, asked } = await testGateway(t)
  const body = { name: 'Mug', category: 'kitchen', price: 0.29, stock: 7, weightGrams: 320 }
  const answer = await send('POST /products', { as: 'admin', body })
  t.equal(answer.statusCode, 201)
  t.equal(answer.headers.location, `/products/${ids.product}`)
  t.equal(answer.headers.etag, '"3"')
  const { price: _price, ...plain } = body
  t.strictSame(asked[0]?.request, { ...plain, sku: '', description: '', images: [], priceMinor: '29' })
})

t.test('the decimals are those of the currency', async (t) => {
  const { send } = await testGateway(t, { currency: 'JPY' })
  const goods = { name: 'Mug', category: 'kitchen', stock: 7 }
  t.equal((await send('POST /products', { as: 'admin', body: { ...goods, price: 300 } })).statusCode, 201)
  const answer = await send('POST /products', { as: 'admin', body: { ...goods, price: 0.5 } })
  t.match(answer.json(), { status: 400, code: 'money.invalid' })
})

t.test('a change says what changes, and of which version', async (t) => {
  const { send, asked } = await testGateway(t)
  const route = `PATCH /products/${ids.product}`
  await send(route, { as: 'admin', body: { price: 2, weightGrams: 0 }, headers: { 'if-match': '"3"' } })
  t.match(asked[0]?.request, {
    id: ids.product,
    price: '2',
    weightGrams: 0,
    expectedVersion: 3,
    images: { replace: false, urls: [] },
  })
  await send(route, { as: 'admin', body: { images: [] }, headers: { 'if-match': '*' } })
  t.match(asked[1]?.request, { expectedVersion: undefined, images: { replace: true, urls: [] } })
  await send(route, { as: 'admin', body: { name: 'Cup' } })
  t.match(asked[2]?.request, { name: 'Cup', expectedVersion: undefined, price: undefined })
})

t.test('a change of another version fails its precondition', async (t) => {
  const refuse = async (): Promise<never> => {
    throw new Refusal('conflict', 'product.version-mismatch', 'changed since')
  }
  const fakes = fakeServices({ inventory: { updateProduct: refuse, deleteProduct: refuse } })
  const { send } = await testGateway(t, fakes)
  const headers = { 'if-match': '"2"' }
  const route = `/products/${ids.product}`
  for (const answer of [
    await send(`PATCH ${route}`, { as: 'admin', body: { name: 'Cup' }, headers }),
    await send(`DELETE ${route}`, { as: 'admin', headers }),
  ])
    t.match(answer.json(), { status: 412, code: 'product.version-mismatch' })
})

t.test('a deletion has nothing more to say', async (t) => {
  const { send, asked } = await testGateway(t)
  const answer = await send(`DELETE /products/${ids.product}`, {
    as: 'admin',
    headers: { 'if-match': '"3"' },
  })
  t.equal(answer.statusCode, 204)
  t.equal(answer.body, '')
  t.strictSame(asked[0]?.request, { id: ids.product, expectedVersion: 3 })
})

t.test('a list is asked for as the query says', async (t) => {
  const { send, asked } = await testGateway(t)
  const answer = await send(
    'GET /products?category=kitchen&minPrice=1.50&maxPrice=20&inStock=true&sort=-price&limit=5',
  )
  t.strictSame(answer.json<{ data: unknown }>().data, [shown])
  t.match(asked[0]?.request, {
    category: 'kitchen',
    minPriceMinor: '150',
    maxPriceMinor: '2000',
    priceCurrency: 'USD',
    inStock: true,
    sort: '-price',
    limit: 5,
    afterId: undefined,
  })
  await send('GET /products?inStock=false')
  t.match(asked[1]?.request, { inStock: false, priceCurrency: undefined, sort: 'newest', limit: 20 })
})

t.test('a cursor goes on where the page before ended, in the same list only', async (t) => {
  const { send, asked } = await testGateway(t)
  const first = await send('GET /products?sort=name&limit=1')
  const cursor = first.json<{ nextCursor: string }>().nextCursor
  await send(`GET /products?sort=name&limit=50&cursor=${cursor}`)
  t.match(asked[1]?.request, { afterKey: 'k', afterId: ids.product, limit: 50 })
  for (const other of ['sort=price', 'sort=name&q=x', 'sort=name&inStock=true'])
    t.match((await send(`GET /products?${other}&cursor=${cursor}`)).json(), { code: 'cursor.invalid' })
  t.match((await send(`GET /orders?cursor=${cursor}`, { as: 'admin' })).json(), { code: 'cursor.invalid' })
})

t.test('the last page has no next one', async (t) => {
  const listProducts = async () => ({ products: [] })
  const { send } = await testGateway(t, fakeServices({ inventory: { listProducts } }))
  t.strictSame((await send('GET /products')).json(), { data: [], nextCursor: null })
})

t.test('stock is asked for of many products at once', async (t) => {
  const { send } = await testGateway(t)
  const answer = await send('POST /products/stock', { body: { ids: [ids.product, ids.order] } })
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), [{ id: ids.product, stock: 7 }])
})

t.test('staff list what is low, page by page', async (t) => {
  const { send, asked } = await testGateway(t)
  const first = await send('GET /admin/products/low-stock?atMost=3&limit=1', { as: 'admin' })
  const { data, nextCursor } = first.json<{ data: { id: string }[]; nextCursor: string }>()
  t.match(data, [{ id: ids.product }])
  t.match(asked[0]?.request, { atMost: 3, limit: 1, afterId: undefined })
  const next = await send(`GET /admin/products/low-stock?atMost=3&cursor=${nextCursor}`, { as: 'admin' })
  t.strictSame(next.json(), { data: [], nextCursor: null })
  t.match(asked.at(-1)?.request, { afterId: ids.product, afterAvailable: 2 })
  const other = await send(`GET /admin/products/low-stock?atMost=4&cursor=${nextCursor}`, { as: 'admin' })
  t.match(other.json(), { code: 'cursor.invalid' })
  t.equal((await send('GET /admin/products/low-stock', { as: 'customer' })).statusCode, 403)
})

t.test('an adjustment of stock is booked once per key', async (t) => {
  const adjustStock = async () => ({ level: { productId: ids.product, available: 12 }, replayed: true })
  const fakes = fakeServices({ inventory: { adjustStock } })
  const { send } = await testGateway(t, fakes)
  const answer = await send(`POST /products/${ids.product}/stock`, {
    as: 'admin',
    body: { quantity: -5, reason: 'broken' },
    headers: { 'idempotency-key': 'count-7' },
  })
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['idempotent-replayed'], 'true')
  t.strictSame(answer.json(), { id: ids.product, stock: 12 })
  t.strictSame(fakes.asked[0]?.request, {
    productId: ids.product,
    quantity: -5,
    reason: 'broken',
    idempotencyKey: 'count-7',
  })
})

t.test('stock below zero is a conflict', async (t) => {
  const adjustStock = async (): Promise<never> => {
    throw new Refusal('conflict', 'stock.below-zero', 'below zero', { available: 3 })
  }
  const { send } = await testGateway(t, fakeServices({ inventory: { adjustStock } }))
  const body = { quantity: -5, reason: 'broken' }
  const answer = await send(`POST /products/${ids.product}/stock`, { as: 'admin', body })
  t.match(answer.json(), { status: 409, code: 'stock.below-zero', available: 3 })
})

t.test('attributes are texts, numbers and truths', async (t) => {
  const attributes = { material: 'steel', size: 40.5, lid: true }
  const { product } = await fakeServices().inventory.getProduct({ id: ids.product }, call)
  const inventory = { getProduct: async () => ({ product: { ...product, attributes } }) }
  const shop = await testGateway(t, fakeServices({ inventory }))
  t.match((await shop.send(`GET /products/${ids.product}`)).json(), { attributes })
  const { send, asked } = await testGateway(t)
  const body = { name: 'Mug', category: 'kitchen', price: 1, stock: 7, attributes }
  t.equal((await send('POST /products', { as: 'admin', body })).statusCode, 201)
  const path = `PATCH /products/${ids.product}`
  t.equal((await send(path, { as: 'admin', body: { attributes: {} } })).statusCode, 200)
  t.equal((await send(path, { as: 'admin', body: { name: 'x' } })).statusCode, 200)
  t.match(
    asked.map(({ request }) => request),
    [{ attributes }, { attributes: { replace: true, values: {} } }, { attributes: { replace: false } }],
  )
  for (const value of [null, {}, [], 'x'.repeat(201)]) {
    const answer = await send(path, { as: 'admin', body: { attributes: { a: value } } })
    t.match(answer.json(), { status: 400, code: 'request.invalid' }, JSON.stringify(value))
  }
  const many = Object.fromEntries(Array.from({ length: 301 }, (_, place) => [`a${place}`, 1]))
  t.equal((await send(path, { as: 'admin', body: { attributes: many } })).statusCode, 400)
})

const call = { actor: undefined, correlationId: '', traceparent: '' }
