import { inspect } from 'node:util'
import t from 'tap'
import {
  createProduct,
  deleteProduct,
  inCategory,
  updateProduct,
  type NewProduct,
  type Product,
} from './product.ts'
import { morning, newCategoryId, newProduct, newProductId, noon } from '../../testing/fixtures.ts'

const lamp = (wanted: Partial<NewProduct> = {}): Product =>
  createProduct(newProductId(), newProduct(wanted), morning).state

t.test('a new product is version 1 and tells of itself', async (t) => {
  const { state, events } = createProduct(newProductId(), newProduct({ name: '  Lamp ' }), morning)
  t.match(state, { name: 'Lamp', version: 1, createdAt: morning, updatedAt: morning, deletedAt: undefined })
  t.strictSame(events, [{ type: 'ProductCreated', product: state }])
})

t.test('a product without a SKU gets one of its own', async (t) => {
  const { id, sku } = lamp({ sku: ' ' })
  t.equal(sku, `P-${id.replaceAll('-', '').slice(16).toUpperCase()}`)
  const renamed = updateProduct(lamp({ sku: 'A1' }), { sku: '' }, undefined, noon).state
  t.match(renamed.sku, /^P-[0-9A-F]{16}$/)
})

const wrong: readonly (readonly [string, Partial<NewProduct>])[] = [
  ['name', { name: ' ' }],
  ['name', { name: 'x'.repeat(201) }],
  ['name', { name: '🎁'.repeat(201) }],
  ['name', { name: 'a\0b' }],
  ['name', { name: 'a\nb' }],
  ['name', { name: 'a\u0001b' }],
  ['name', { name: 'a\u0085b' }],
  ['sku', { sku: 'a\tb' }],
  ['images', { images: ['https://example.com/\u0007'] }],
  ['category', { category: '' }],
  ['category', { category: '\udc00' }],
  ['category', { category: ' / ' }],
  ['category', { category: 'a/b/c/d/e/f/g' }],
  ['category', { category: `a/${'x'.repeat(101)}` }],
  ['category', { category: Array(3).fill('x'.repeat(100)).join('/') }],
  ['sku', { sku: 'x'.repeat(65) }],
  ['description', { description: 'x'.repeat(10_001) }],
  ['description', { description: 'bell\u0007' }],
  ['images', { images: Array.from({ length: 21 }, () => 'x') }],
  ['images', { images: ['x'.repeat(2_049)] }],
  ['price', { price: { minor: -1n, currency: 'USD' } }],
  ['price', { price: { minor: 2n ** 53n, currency: 'USD' } }],
  ['weightGrams', { weightGrams: -1 }],
  ['weightGrams', { weightGrams: 0.5 }],
  ['weightGrams', { weightGrams: 100_000_001 }],
]
for (const [field, wanted] of wrong) {
  t.test(`a wrong ${field} is refused: ${inspect(Object.values(wanted)[0]).slice(0, 30)}`, async (t) => {
    t.throws(() => lamp(wanted), { kind: 'invalid', code: 'product.invalid', details: { field } })
  })
}

t.test('text is as long as people count it, in one form, and may have lines where it is long', async (t) => {
  const texts = {
    name: '🎁'.repeat(200),
    sku: '🎁'.repeat(64),
    category: 'Cafe\u0301 ',
    description: 'one\n\ttwo',
  }
  t.match(lamp(texts), { ...texts, category: 'Café' })
  t.equal(lamp({ name: 'e\u0301'.repeat(200) }).name, 'é'.repeat(200))
  t.equal(updateProduct(lamp(), { sku: ' n\u0303-1 ' }, undefined, noon).state.sku, 'ñ-1')
})

t.test('the largest price is just below 2^53', async (t) => {
  t.equal(lamp({ price: { minor: 2n ** 53n - 1n, currency: 'USD' } }).price.minor, 2n ** 53n - 1n)
})

t.test('an update changes what it names and keeps the rest', async (t) => {
  const before = lamp()
  const texts = { name: 'Lamp', category: 'c', sku: 'S', description: 'd', images: ['i'] }
  const patch = { ...texts, priceMinor: 1n, weightGrams: 250 }
  const { state, events } = updateProduct(before, patch, 1, noon)
  const { id, createdAt, deletedAt } = before
  const price = { minor: 1n, currency: 'USD' }
  t.strictSame(state, {
    ...{ id, createdAt, deletedAt, uploaded: [], version: 2, updatedAt: noon },
    ...{ ...texts, categoryId: undefined, attributes: {}, membership: undefined, price, weightGrams: 250 },
  })
  t.strictSame(events, [{ type: 'ProductUpdated', product: state }])
  t.strictSame(updateProduct(before, { name: 'Lamp' }, undefined, noon).state, {
    ...before,
    ...{ name: 'Lamp', version: 2, updatedAt: noon },
  })
})

t.test('a product in its category stays there until it is put elsewhere', async (t) => {
  const categoryId = newCategoryId()
  const before: Product = { ...lamp(), category: 'Home/Lights', categoryId }
  const put = (category: string) => updateProduct(before, { category, name: 'Lantern' }, 1, noon).state
  t.match(put('home / lights'), { category: 'Home/Lights', categoryId, name: 'Lantern' })
  t.match(put('lights'), { category: 'lights', categoryId: undefined })
  const place = { ...before, id: categoryId, parentId: undefined, path: 'Lights', attributes: [] }
  const { state, events } = inCategory(
    updateProduct(before, { category: 'lights' }, 1, noon),
    place,
    new Map(),
  )
  t.match(state, { category: 'Lights', categoryId, version: 2 })
  t.strictSame(events, [{ type: 'ProductUpdated', product: state }])
})

t.test('an update that changes nothing is not one', async (t) => {
  const before = lamp()
  const { name, images } = before
  t.strictSame(updateProduct(before, { name, images: [...images] }, 1, noon), { state: before, events: [] })
})

t.test('a deletion is a version too', async (t) => {
  const { state, events } = deleteProduct(lamp(), 1, noon)
  t.match(state, { version: 2, updatedAt: noon, deletedAt: noon })
  t.strictSame(events, [{ type: 'ProductDeleted', product: state }])
})

t.test('nobody changes what has changed since', async (t) => {
  const refusal = { kind: 'conflict', code: 'product.version-mismatch', details: { expected: 2, current: 1 } }
  t.throws(() => updateProduct(lamp(), { name: 'New' }, 2, noon), refusal)
  t.throws(() => deleteProduct(lamp(), 2, noon), refusal)
})

t.test('a price is changed in the currency that the product has, whatever the shop has now', async (t) => {
  const product = lamp({ price: { minor: 500n, currency: 'USD' } })
  const priced = (price: number) => updateProduct(product, { price }, undefined, noon).state.price
  t.strictSame(priced(10), { minor: 1_000n, currency: 'USD' })
  t.strictSame(priced(0.29), { minor: 29n, currency: 'USD' })
  for (const price of [0.001, 1e21, NaN]) t.throws(() => priced(price), { code: 'money.invalid' })
  t.throws(() => priced(-1), { code: 'product.invalid' })
})
