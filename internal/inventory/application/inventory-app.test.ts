import t from 'tap'
import { systemCall, type Call } from '../../platform/call.ts'
import type { OutboxEvent } from '../../platform/outbox.ts'
import { fakeInventory } from '../testing/fake-inventory.ts'
import {
  catalogueDeps,
  line,
  morning,
  newCategoryId,
  newFamilyId,
  newOrderId,
  newProductId,
  releases,
  request,
} from '../testing/fixtures.ts'
import { inventoryApp } from './inventory-app.ts'

const system = systemCall('story')
const as = (role: 'admin' | 'customer'): Call => ({
  ...system,
  actor: { kind: 'user', userId: newOrderId(), role },
})
const admin = as('admin')
const customer = as('customer')
const anonymous: Call = { ...system, actor: undefined }

function open() {
  const outbox: OutboxEvent[] = []
  const { tables, ...ports } = fakeInventory((events) => void outbox.push(...events))
  const app = inventoryApp({ ...ports, ...catalogueDeps, newProductId, now: () => morning, currency: 'EUR' })
  return { app, outbox, tables }
}

const lamp = {
  name: 'Lamp',
  category: 'lights',
  priceMinor: 295n,
  sku: '',
  description: '',
  images: [],
  stock: 5,
}
const listing = { filter: {}, sort: '', limit: 10, after: undefined }

t.test('an admin keeps the catalogue', async (t) => {
  const { app, outbox } = open()
  const { product, available } = (await app.createProduct(lamp, admin)).result
  t.match({ product, available }, { product: { price: { minor: 295n, currency: 'EUR' } }, available: 5 })
  const { id } = product
  const renamed = await app.updateProduct({ id, patch: { name: 'Lantern' }, expectedVersion: 1 }, admin)
  t.strictSame(await app.getProduct(id), renamed)
  t.strictSame((await app.listProducts(listing)).products, [renamed])
  const adjustment = { productId: id, quantity: -2, reason: 'broken', idempotencyKey: undefined }
  t.strictSame(await app.adjustStock(adjustment, admin), { available: 3, isReplay: false })
  await app.deleteProduct({ id, expectedVersion: 2 }, admin)
  await t.rejects(app.getProduct(id), { kind: 'not-found', code: 'product.not-found' })
  t.strictSame(
    outbox.map(({ subject, headers }) => `${subject} ${headers.correlationId}`),
    [
      'category.created story',
      'product.created story',
      'product.updated story',
      'stock.adjusted story',
      'product.deleted story',
    ],
  )
})

t.test('nobody else changes the catalogue or the stock', async (t) => {
  const { app, outbox } = open()
  const { product } = (await app.createProduct(lamp, admin)).result
  const { id } = product
  const adjustment = { productId: id, quantity: 1, reason: '', idempotencyKey: undefined }
  for (const [call, refusal] of [
    [customer, { kind: 'forbidden', code: 'auth.forbidden' }],
    [anonymous, { kind: 'unauthenticated', code: 'auth.required' }],
  ] as const) {
    await t.rejects(app.createProduct(lamp, call), refusal)
    await t.rejects(
      app.updateProduct({ id, patch: { name: 'x' }, expectedVersion: undefined }, call),
      refusal,
    )
    await t.rejects(app.deleteProduct({ id, expectedVersion: undefined }, call), refusal)
    await t.rejects(app.adjustStock(adjustment, call), refusal)
    const category = { id: newCategoryId(), expectedVersion: undefined }
    await t.rejects(app.createCategory({ name: 'x', parentId: undefined }, call), refusal)
    await t.rejects(app.updateCategory(category, { name: 'x' }, call), refusal)
    await t.rejects(app.deleteCategory(category, call), refusal)
    const family = { id: newFamilyId(), expectedVersion: undefined }
    await t.rejects(app.createFamily({ name: 'x', options: ['size'] }, call), refusal)
    await t.rejects(app.updateFamily(family, 'x', call), refusal)
    await t.rejects(app.deleteFamily(family, call), refusal)
  }
  t.strictSame(
    outbox.map(({ subject }) => subject),
    ['category.created', 'product.created'],
  )
})

t.test('an admin keeps the tree of categories', async (t) => {
  const { app } = open()
  const once = { key: 'k', fingerprint: 'f' }
  const create = () => app.createCategory({ name: 'Kitchen', parentId: undefined }, { ...admin, once })
  const { result: kitchen } = await create()
  t.strictSame(await create(), { result: kitchen, isReplay: true })
  const parentId = kitchen.id
  const { result: pots } = await app.createCategory({ name: 'Pots', parentId }, admin)
  t.strictSame(await app.getCategory(pots.id), pots)
  const changed = { id: pots.id, expectedVersion: 1 }
  t.match(await app.updateCategory(changed, { parentId: null }, admin), { path: 'Pots', version: 2 })
  await app.deleteCategory({ id: kitchen.id, expectedVersion: 1 }, admin)
  await t.rejects(app.getCategory(kitchen.id), { kind: 'not-found', code: 'category.not-found' })
  t.strictSame(
    (await app.listCategories()).map(({ path }) => path),
    ['Pots'],
  )
})

t.test('only our own processes reserve and release', async (t) => {
  const { app, outbox } = open()
  for (const call of [admin, customer]) {
    await t.rejects(app.reserveStock([], call), { kind: 'forbidden', code: 'auth.forbidden' })
    await t.rejects(app.releaseStock(releases([newOrderId()]), call), {
      kind: 'forbidden',
      code: 'auth.forbidden',
    })
  }
  t.equal(outbox.length, 0)
})

t.test('a wrong opening stock creates nothing', async (t) => {
  const { app, outbox } = open()
  await t.rejects(app.createProduct({ ...lamp, stock: -1 }, admin), { code: 'stock.invalid-quantity' })
  t.equal(outbox.length, 0)
})

t.test('an order is reserved, released, and stays released', async (t) => {
  const { app } = open()
  const { product } = (await app.createProduct(lamp, admin)).result
  const order = request([line(product, 5)])
  const [decision] = await app.reserveStock([order], system)
  t.strictSame(decision, { orderId: order.orderId, outcome: 'held' })
  await app.releaseStock(releases([order.orderId, order.orderId]), system)
  await app.releaseStock([], system)
  t.match(await app.reserveStock([order], system), [{ outcome: 'released' }])
  t.strictSame(await app.reserveStock([], system), [])
})

t.test('a batch has a limit', async (t) => {
  const { app } = open()
  const orders = Array.from({ length: 1_001 }, () => request([line({ id: newProductId() }, 1)]))
  await t.rejects(app.reserveStock(orders, system), { kind: 'invalid', code: 'stock.batch-too-large' })
  const all = releases(orders.map(({ orderId }) => orderId))
  await t.rejects(app.releaseStock(all, system), { kind: 'invalid', code: 'stock.batch-too-large' })
})

t.test('quotes come in the order asked for, each once, without the unknown', async (t) => {
  const { app } = open()
  const first = (await app.createProduct(lamp, admin)).result.product
  const second = (await app.createProduct(lamp, admin)).result.product
  const quotes = await app.quoteProducts([second.id, newProductId(), first.id, second.id])
  t.strictSame(
    quotes.map(({ productId }) => productId),
    [second.id, first.id],
  )
})

t.test('a list is asked for properly', async (t) => {
  const { app } = open()
  const refused = (parameter: string) => ({
    kind: 'invalid',
    code: 'products.invalid-filter',
    details: { parameter },
  })
  for (const limit of [0, 101, 1.5, NaN])
    await t.rejects(app.listProducts({ ...listing, limit }), refused('limit'))
  await t.rejects(app.listProducts({ ...listing, sort: 'stock' }), refused('sort'))
  await t.rejects(app.listProducts({ ...listing, filter: { query: 'x'.repeat(801) } }), refused('query'))
})
