import t from 'tap'
import { systemCall } from '../../platform/call.ts'
import { inventoryApp } from '../application/inventory-app.ts'
import { fakeInventory } from '../testing/fake-inventory.ts'
import { morning, newOrderId, newProductId } from '../testing/fixtures.ts'
import { inventoryRpc } from './inventory-rpc.ts'

const call = systemCall('story')
const lamp = {
  name: 'Lamp',
  category: 'lights',
  priceMinor: '295',
  sku: 'L1',
  description: '',
  images: [],
  stock: 5,
}

function open() {
  const { tables, ...ports } = fakeInventory(() => {})
  const rpc = inventoryRpc(inventoryApp({ ...ports, newProductId, now: () => morning, currency: 'EUR' }))
  return { rpc, tables }
}

t.test('products travel with minor units as text and times as RFC 3339', async (t) => {
  const { rpc } = open()
  const { product } = await rpc.createProduct(lamp, call)
  const at = morning.toISOString()
  const { id } = product
  t.strictSame(product, { ...lamp, id, currency: 'EUR', version: 1, createdAt: at, updatedAt: at })
  t.strictSame(await rpc.getProduct({ id: id.toUpperCase() }, call), { product })
  t.strictSame(JSON.parse(JSON.stringify(product)), product)
})

t.test('an update replaces images only when told to', async (t) => {
  const { rpc } = open()
  const { id } = (await rpc.createProduct({ ...lamp, images: ['a'] }, call)).product
  const keep = await rpc.updateProduct({ id, priceMinor: '1', images: { replace: false, urls: [] } }, call)
  t.match(keep.product, { priceMinor: '1', images: ['a'], version: 2 })
  const replaced = await rpc.updateProduct(
    { id, expectedVersion: 2, images: { replace: true, urls: [] } },
    call,
  )
  t.strictSame(replaced.product.images, [])
  await rpc.deleteProduct({ id, expectedVersion: 3 }, call)
  await t.rejects(rpc.getProduct({ id }, call), { code: 'product.not-found' })
})

t.test('pages go on where the last one ended', async (t) => {
  const { rpc } = open()
  for (const sku of ['A', 'B', 'C']) await rpc.createProduct({ ...lamp, sku }, call)
  const wanted = { sort: 'price', limit: 2, minPriceMinor: '1', maxPriceMinor: '300', inStock: true }
  const first = await rpc.listProducts(wanted, call)
  t.strictSame(
    first.products.map(({ sku }) => sku),
    ['A', 'B'],
  )
  const last = await rpc.listProducts({ ...wanted, afterKey: first.nextKey, afterId: first.nextId }, call)
  t.strictSame(
    last.products.map(({ sku }) => sku),
    ['C'],
  )
  t.notOk('nextKey' in last)
})

t.test('quotes and levels leave out what is unknown', async (t) => {
  const { rpc } = open()
  const { id } = (await rpc.createProduct({ ...lamp, weightGrams: 250 }, call)).product
  const productIds = [newProductId(), id]
  const quote = {
    productId: id,
    sku: 'L1',
    name: 'Lamp',
    category: 'lights',
    weightGrams: 250,
    unitPriceMinor: '295',
    currency: 'EUR',
    available: 5,
    image: '',
  }
  t.strictSame(await rpc.quoteProducts({ productIds }, call), { quotes: [quote] })
  t.strictSame(await rpc.getStock({ productIds }, call), { levels: [{ productId: id, available: 5 }] })
})

t.test('an adjustment without a key is never a repetition', async (t) => {
  const { rpc } = open()
  const { id: productId } = (await rpc.createProduct(lamp, call)).product
  const adjust = (idempotencyKey: string) =>
    rpc.adjustStock({ productId, quantity: 1, reason: '', idempotencyKey }, call)
  for (const [key, available, replayed] of [
    ['', 6, false],
    ['', 7, false],
    ['k', 8, false],
    ['k', 8, true],
  ] as const)
    t.strictSame(await adjust(key), { level: { productId, available }, replayed })
})

t.test('stock is reserved and released with the trace of each order', async (t) => {
  const { rpc } = open()
  const { id: productId } = (await rpc.createProduct(lamp, call)).product
  const orderId = newOrderId()
  const lines = [
    { productId, quantity: 2 },
    { productId, quantity: 2 },
  ]
  const cause = { correlationId: 'story', causationId: 'event', traceparent: '00-a-b-01' }
  const orders = [{ orderId, lines, cause }]
  t.strictSame(await rpc.reserveStock({ orders }, call), {
    decisions: [{ orderId, outcome: 'held', shortages: [] }],
  })
  t.strictSame(await rpc.getStock({ productIds: [productId] }, call), {
    levels: [{ productId, available: 1 }],
  })
  t.strictSame(await rpc.releaseStock({ releases: [{ orderId, cause } as never] }, call), {}) // an earlier version says no more
})

t.test('a hold that is not the first one is named by its number', async (t) => {
  const { rpc } = open()
  const { id: productId } = (await rpc.createProduct(lamp, call)).product
  const cause = { correlationId: 'story', causationId: 'event', traceparent: '' }
  const about = { orderId: newOrderId(), cause }
  const reserve = async (holdNo?: number) => {
    const lines = [{ productId, quantity: 2 }]
    const { decisions } = await rpc.reserveStock({ orders: [{ ...about, lines, holdNo }] }, call)
    return decisions[0]?.outcome
  }
  const release = (holdNo: number) =>
    rpc.releaseStock({ releases: [{ ...about, kept: [], short: [], goesOn: false, holdNo }] }, call)
  t.equal(await reserve(), 'held')
  t.equal(await reserve(2), 'busy')
  await release(0)
  t.equal(await reserve(2), 'held')
  await release(1)
  t.strictSame((await rpc.getStock({ productIds: [productId] }, call)).levels, [{ productId, available: 3 }])
  for (const wrong of [-1, 1.5, 32_768])
    await t.rejects(reserve(wrong), { kind: 'invalid', code: 'stock.invalid-request' })
})

t.test('what is not a number of minor units is refused', async (t) => {
  const { rpc } = open()
  for (const priceMinor of ['', '1.5', '1e3', '0x10', '9'.repeat(19)])
    await t.rejects(rpc.createProduct({ ...lamp, priceMinor }, call), {
      kind: 'invalid',
      code: 'product.invalid',
    })
})
