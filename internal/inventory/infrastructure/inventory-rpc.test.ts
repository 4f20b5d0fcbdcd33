import t from 'tap'
import { systemCall } from '../../platform/call.ts'
import { inventoryApp } from '../application/inventory-app.ts'
import { fakeInventory } from '../testing/fake-inventory.ts'
import { morning, newOrderId, catalogueDeps, newProductId } from '../testing/fixtures.ts'
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
  const rpc = inventoryRpc(
    inventoryApp({ ...ports, ...catalogueDeps, newProductId, now: () => morning, currency: 'EUR' }),
  )
  return { rpc, tables }
}

t.test('products travel with minor units as text and times as RFC 3339', async (t) => {
  const { rpc } = open()
  const { product } = await rpc.createProduct(lamp, call)
  const at = morning.toISOString()
  const { id } = product
  const [category] = (await rpc.listCategories({}, call)).categories
  const made = { id, currency: 'EUR', version: 1, createdAt: at, updatedAt: at, uploadedImages: [] }
  t.strictSame(product, { ...lamp, ...made, attributes: {}, options: {}, categoryId: category?.id })
  t.strictSame(await rpc.getProduct({ id: id.toUpperCase() }, call), { product })
  t.strictSame(JSON.parse(JSON.stringify(product)), product)
})

t.test('an update replaces images only when told to', async (t) => {
  const { rpc } = open()
  const { id } = (await rpc.createProduct({ ...lamp, images: ['a'] }, call)).product
  const keep = await rpc.updateProduct(
    { id, priceMinor: '1', images: { replace: false, urls: [] }, attributes: { replace: false } },
    call,
  )
  t.match(keep.product, { priceMinor: '1', images: ['a'], version: 2 })
  const replaced = await rpc.updateProduct(
    { id, expectedVersion: 2, images: { replace: true, urls: [] }, attributes: { replace: false } },
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

t.test('a large tree comes in parts, and a category goes where it is sent', async (t) => {
  const { rpc } = open()
  const long = '水'.repeat(90)
  let parentId: string | undefined
  for (let n = 0; n < 850; n++) {
    const { category } = await rpc.createCategory({ name: `${long}${n}`, parentId, attributes: [] }, call)
    parentId ??= category.id
  }
  const first = await rpc.listCategories({}, call)
  t.ok(first.hasMore)
  t.ok(JSON.stringify(first).length < 1_000_000)
  const rest = await rpc.listCategories({ afterId: first.categories.at(-1)?.id }, call)
  t.notOk(rest.hasMore)
  t.equal(first.categories.length + rest.categories.length, 850)
  const unchanged = { replace: false, definitions: [] }
  const one = first.categories.at(1)?.id ?? ''
  const back = await rpc.updateCategory({ id: one, name: 'back', toRoot: true, attributes: unchanged }, call)
  t.match(back.category, { path: 'back', version: 2 })
  t.equal(back.category.parentId, undefined)
  const moved = await rpc.updateCategory({ id: one, parentId, toRoot: false, attributes: unchanged }, call)
  t.match(moved.category, { parentId, path: `${first.categories[0]?.path}/back`, version: 3 })
  await rpc.deleteCategory({ id: back.category.id, expectedVersion: 3 }, call)
  await t.rejects(rpc.getCategory({ id: back.category.id }, call), { code: 'category.not-found' })
})

t.test('attributes travel with their types', async (t) => {
  const { rpc } = open()
  const definitions = [
    { name: 'material', type: 'string' },
    { name: 'size', type: 'number' },
  ]
  const made = await rpc.createCategory({ name: 'lights', attributes: definitions }, call)
  const attributes = { size: 40.5, material: 'steel' }
  const { product } = await rpc.createProduct({ ...lamp, attributes }, call)
  t.strictSame(product.attributes, { material: 'steel', size: 40.5 })
  const change = async (values: Readonly<Record<string, unknown>>, replace = true) => {
    const images = { replace: false, urls: [] }
    const request = { id: product.id, images, attributes: { replace, values } }
    return (await rpc.updateProduct(request, call)).product.attributes
  }
  t.strictSame(await change({}, false), attributes)
  t.strictSame(await change({ size: 1 }), { size: 1 })
  await t.rejects(change({ size: '1' }), { code: 'product.invalid-attribute' })
  const list = { replace: true, definitions: definitions.slice(1) }
  const { category } = await rpc.updateCategory(
    { id: made.category.id, toRoot: false, attributes: list },
    call,
  )
  t.strictSame(category.attributes, definitions.slice(1))
})

t.test('a family comes with its products', async (t) => {
  const { rpc } = open()
  const { family } = await rpc.createFamily({ name: 'Lamps', options: ['size'] }, call)
  const place = { familyId: family.id, options: { size: 'M' } }
  const { product } = await rpc.createProduct({ ...lamp, ...place }, call)
  t.match(product, place)
  const { members } = await rpc.getFamily({ id: family.id }, call)
  t.strictSame(members, [
    {
      ...{ productId: product.id, sku: 'L1', name: 'Lamp', options: place.options },
      ...{ stock: 5, priceMinor: '295', currency: 'EUR' },
    },
  ])
  const unchanged = { images: { replace: false, urls: [] }, attributes: { replace: false } }
  const change = async (wanted: object) =>
    (await rpc.updateProduct({ id: product.id, ...unchanged, ...wanted }, call)).product
  t.match(await change({ options: { size: 'L' } }), { familyId: family.id, options: { size: 'L' } })
  t.strictSame((await change({ leavesFamily: true })).options, {})
  t.match(await change(place), place)
  await change({ leavesFamily: true })
  t.match(await rpc.updateFamily({ id: family.id, expectedVersion: 1, name: 'Lights' }, call), {
    family: { name: 'Lights', version: 2 },
  })
  await rpc.createFamily({ name: 'Shades', options: ['size'] }, call)
  const page = await rpc.listFamilies({ limit: 1 }, call)
  t.match(page.families, [{ name: 'Shades' }])
  const rest = await rpc.listFamilies({ limit: 1, afterId: page.nextId }, call)
  t.match(rest.families, [{ name: 'Lights' }])
  t.equal(rest.nextId, undefined)
  await t.rejects(rpc.listFamilies({ limit: 0 }, call), { code: 'family.invalid' })
  await rpc.deleteFamily({ id: family.id, expectedVersion: 2 }, call)
  await t.rejects(rpc.getFamily({ id: family.id }, call), { code: 'family.not-found' })
})
