import type { Test } from 'tap'
import type {
  ProductFilter,
  ProductPosition,
  Products,
  ProductSort,
} from '../catalogue/application/products.ts'
import { createProduct, deleteProduct, updateProduct } from '../catalogue/domain/product.ts'
import { newId } from '../../platform/new-id.ts'
import {
  addProduct,
  history,
  ledger,
  morning,
  newProduct,
  newProductId,
  noon,
  trace,
  type InventoryStores,
} from './fixtures.ts'

type Open = (t: Test) => Promise<InventoryStores>

/** What every catalogue does. */
export function productsContract(t: Test, open: Open): void {
  addingTests(t, open)
  onceTests(t, open)
  skuTests(t, open)
  changingTests(t, open)
  listTests(t, open)
}

function addingTests(t: Test, open: Open): void {
  t.test('finds and quotes what was added, with its stock', async (t) => {
    const stores = await open(t)
    const { state, events } = createProduct(newProductId(), newProduct(), morning)
    const added = await stores.products.add({ state, events }, 7, trace)
    const { categoryId } = added.product
    t.strictSame(added, { product: { ...state, categoryId }, available: 7 })
    t.strictSame((await stores.products.find([state.id])).get(state.id), added)
    const { id: productId, sku, name, category, price } = state
    const quotes = await stores.products.quote([productId, newProductId()])
    t.strictSame(
      [...quotes.values()],
      [{ productId, sku, name, category, price, weightGrams: 0, available: 7, image: '' }],
    )
    const [shown] = (await stores.products.quote([productId], true)).values()
    t.equal(shown?.image, state.images[0])
  })

  t.test('finds by SKU as SKUs are compared, and nothing that is deleted', async (t) => {
    const { products } = await open(t)
    const change = createProduct(newProductId(), newProduct({ sku: 'Käse-ς 1' }), morning)
    const { product } = await products.add(change, 3, trace)
    const found = await products.findBySku([' kÄSE-Σ 1', 'other'])
    t.strictSame([...found], [['käse-σ 1', { product, available: 3 }]])
    await products.update(product.id, (known) => deleteProduct(known, undefined, noon), trace)
    t.equal((await products.findBySku([product.sku])).size, 0)
  })

  t.test('keeps the weight that is given with it or later', async (t) => {
    const stores = await open(t)
    const { id } = await addProduct(stores, 1, { weightGrams: 250 })
    const weights = async () => [
      (await stores.products.find([id])).get(id)?.product.weightGrams,
      (await stores.products.quote([id])).get(id)?.weightGrams,
    ]
    t.strictSame(await weights(), [250, 250])
    await stores.products.update(
      id,
      (found) => updateProduct(found, { weightGrams: 0 }, undefined, noon),
      trace,
    )
    t.strictSame(await weights(), [0, 0])
  })

  t.test('publishes the whole product and books its opening stock', async (t) => {
    const stores = await open(t)
    const product = await addProduct(stores, 7, { name: 'Grüße "quoted" 🎁' })
    t.strictSame(await history(stores, product.id), ['product.created 1'])
    t.strictSame(await ledger(stores, product.id), ['restock 7'])
    const event = (await stores.events()).find(({ aggregateId }) => aggregateId === product.id)
    t.match(event, {
      aggregateType: 'product',
      type: 'tillstream.product.created.v1',
      data: {
        product: { id: product.id, name: 'Grüße "quoted" 🎁', stock: 7, priceMinor: '295', version: 1 },
      },
      headers: trace,
    })
  })

  t.test('books nothing for a product without stock', async (t) => {
    const stores = await open(t)
    const product = await addProduct(stores, 0)
    t.strictSame(await ledger(stores, product.id), [])
  })
}

function onceTests(t: Test, open: Open): void {
  t.test('finds what a request has made, and refuses another request under its key', async (t) => {
    const stores = await open(t)
    const once = { key: newId(), fingerprint: 'a' }
    t.equal(await stores.products.findByRequest(once), undefined)
    const added = await stores.products.add(
      createProduct(newProductId(), newProduct(), morning),
      7,
      trace,
      once,
    )
    t.strictSame(await stores.products.findByRequest(once), added)
    const reused = { code: 'request.idempotency-key-reused' }
    await t.rejects(stores.products.findByRequest({ ...once, fingerprint: 'b' }), reused)
    const other = createProduct(newProductId(), newProduct(), morning)
    await t.rejects(stores.products.add(other, 1, trace, once), { code: 'request.idempotency-key-in-use' })
    t.equal((await stores.products.find([other.state.id])).size, 0)
  })

  t.test(
    'keeps no key of what was refused, and none of a deleted product under which it could be made again',
    async (t) => {
      const stores = await open(t)
      const { sku } = await addProduct(stores, 1)
      const once = { key: newId(), fingerprint: 'a' }
      const taken = createProduct(newProductId(), newProduct({ sku }), morning)
      await t.rejects(stores.products.add(taken, 1, trace, once), { code: 'product.sku-taken' })
      t.equal(await stores.products.findByRequest(once), undefined)
      const { product } = await stores.products.add(
        createProduct(newProductId(), newProduct(), morning),
        1,
        trace,
        once,
      )
      await stores.products.update(product.id, (found) => deleteProduct(found, undefined, noon), trace)
      await t.rejects(stores.products.findByRequest(once), { code: 'product.not-found' })
    },
  )
}

function skuTests(t: Test, open: Open): void {
  t.test('gives a SKU to one product only', async (t) => {
    const stores = await open(t)
    const { sku } = await addProduct(stores, 1)
    await t.rejects(addProduct(stores, 1, { sku }), { kind: 'conflict', code: 'product.sku-taken' })
    const other = await addProduct(stores, 1)
    const takeIt = stores.products.update(
      other.id,
      (product) => updateProduct(product, { sku }, undefined, noon),
      trace,
    )
    await t.rejects(takeIt, { code: 'product.sku-taken' })
    t.strictSame(await history(stores, other.id), ['product.created 1'])
  })

  t.test('lets one of eight racing products have the SKU', async (t) => {
    const stores = await open(t)
    const sku = `RACE-${newId()}`
    const added = await Promise.allSettled(Array.from({ length: 8 }, () => addProduct(stores, 1, { sku })))
    t.equal(added.filter((result) => result.status === 'fulfilled').length, 1)
    for (const result of added)
      if (result.status === 'rejected') t.match(result.reason, { code: 'product.sku-taken' })
  })

  t.test('takes SKUs for the same in any case and any form of Unicode', async (t) => {
    const stores = await open(t)
    const end = newId()
    const { id } = await addProduct(stores, 1, { sku: `Señal-${end}` })
    for (const sku of [`SEÑAL-${end}`, `señal-${end}`.normalize('NFD'), `  señal-${end}\u200b`])
      await t.rejects(addProduct(stores, 1, { sku }), { code: 'product.sku-taken' }, sku)
    const other = await addProduct(stores, 1, { sku: `Senal-${end}` })
    const become = (product: string, sku: string) =>
      stores.products.update(
        product as typeof id,
        (current) => updateProduct(current, { sku }, undefined, noon),
        trace,
      )
    await t.rejects(become(other.id, `SEÑAL-${end}`), { code: 'product.sku-taken' })
    t.match(await become(id, `SEÑAL-${end}`), { product: { sku: `SEÑAL-${end}` } }, 'its own in another case')
    t.match(await become(id, `new-${end}`), { product: { sku: `new-${end}` } })
    t.match(
      await become(other.id, `señal-${end}`),
      { product: { sku: `señal-${end}` } },
      'what is free again',
    )
  })

  t.test('gives the SKU of a deleted product free', async (t) => {
    const stores = await open(t)
    const { id, sku } = await addProduct(stores, 1)
    await stores.products.update(id, (product) => deleteProduct(product, undefined, noon), trace)
    t.equal((await addProduct(stores, 1, { sku })).sku, sku)
  })
}

function changingTests(t: Test, open: Open): void {
  t.test('stores and publishes an update', async (t) => {
    const stores = await open(t)
    const { id } = await addProduct(stores, 7)
    const patch = { name: 'Lamp', priceMinor: 0n, images: [], description: '' }
    const updated = await stores.products.update(
      id,
      (product) => updateProduct(product, patch, 1, noon),
      trace,
    )
    t.match(updated, {
      available: 7,
      product: { name: 'Lamp', price: { minor: 0n }, version: 2, updatedAt: noon },
    })
    t.strictSame((await stores.products.find([id])).get(id), updated)
    t.strictSame(await history(stores, id), ['product.created 1', 'product.updated 2'])
  })

  t.test('publishes nothing when nothing changes or the decision is refused', async (t) => {
    const stores = await open(t)
    const { id, name } = await addProduct(stores, 7)
    await stores.products.update(id, (product) => updateProduct(product, { name }, undefined, noon), trace)
    const stale = stores.products.update(
      id,
      (product) => updateProduct(product, { name: 'New' }, 2, noon),
      trace,
    )
    await t.rejects(stale, { kind: 'conflict', code: 'product.version-mismatch' })
    t.strictSame(await history(stores, id), ['product.created 1'])
  })

  t.test('lets one of eight racing updates of the same version win', async (t) => {
    const stores = await open(t)
    const { id } = await addProduct(stores, 1)
    const updates = Array.from({ length: 8 }, (_, index) =>
      stores.products.update(
        id,
        (product) => updateProduct(product, { name: `Name ${index}` }, 1, noon),
        trace,
      ),
    )
    const won = (await Promise.allSettled(updates)).filter((result) => result.status === 'fulfilled')
    t.equal(won.length, 1)
    t.strictSame(await history(stores, id), ['product.created 1', 'product.updated 2'])
  })

  t.test('nobody finds, quotes, lists or changes a deleted product', async (t) => {
    const stores = await open(t)
    const category = newId()
    const { id } = await addProduct(stores, 1, { category })
    await stores.products.update(id, (product) => deleteProduct(product, 1, noon), trace)
    t.equal((await stores.products.find([id])).size, 0)
    t.equal((await stores.products.quote([id])).size, 0)
    t.equal((await stores.products.list({ category }, 'newest', 10, undefined)).products.length, 0)
    const again = stores.products.update(id, (product) => deleteProduct(product, undefined, noon), trace)
    await t.rejects(again, { kind: 'not-found', code: 'product.not-found' })
    t.strictSame(await history(stores, id), ['product.created 1', 'product.deleted 2'])
  })
}

/** Pages of two, put together. */
export async function listAll(
  products: Products,
  filter: ProductFilter,
  sort: ProductSort,
): Promise<readonly string[]> {
  const names: string[] = []
  let after: ProductPosition | undefined
  do {
    const page = await products.list(filter, sort, 2, after)
    names.push(...page.products.map(({ product }) => product.name))
    after = page.next
  } while (after)
  return names
}

async function addSorted(stores: InventoryStores, category: string): Promise<void> {
  const wanted: readonly (readonly [string, bigint, number])[] = [
    ['beta', 300n, 0],
    ['Alpha', 100n, 5],
    ['Éclair', 300n, 1],
    ['alpha 2', 9_007_199_254_740_991n, 5],
    ['Gamma', 20n, 0],
  ]
  for (const [name, minor, units] of wanted)
    await addProduct(stores, units, { name, category, price: { minor, currency: 'USD' } })
}

function listTests(t: Test, open: Open): void {
  const sorted: Readonly<Record<ProductSort, readonly string[]>> = {
    newest: ['Gamma', 'alpha 2', 'Éclair', 'Alpha', 'beta'],
    name: ['Alpha', 'alpha 2', 'beta', 'Gamma', 'Éclair'],
    price: ['Gamma', 'Alpha', 'beta', 'Éclair', 'alpha 2'],
    '-price': ['alpha 2', 'Éclair', 'beta', 'Alpha', 'Gamma'],
  }
  for (const sort of Object.keys(sorted) as ProductSort[]) {
    t.test(`pages by ${sort} without a gap or a repetition`, async (t) => {
      const stores = await open(t)
      const category = newId()
      await addSorted(stores, category)
      t.strictSame(await listAll(stores.products, { category }, sort), sorted[sort])
    })
  }

  t.test('filters by price and stock', async (t) => {
    const stores = await open(t)
    const category = newId()
    await addSorted(stores, category)
    const names = (filter: ProductFilter) => listAll(stores.products, { category, ...filter }, 'name')
    t.strictSame(await names({ minPriceMinor: 100n, maxPriceMinor: 300n }), ['Alpha', 'beta', 'Éclair'])
    await addProduct(stores, 1, { name: 'Yen', category, price: { minor: 200n, currency: 'JPY' } })
    const dollars = { minPriceMinor: 100n, maxPriceMinor: 300n, priceCurrency: 'USD' }
    t.strictSame(
      await names(dollars),
      ['Alpha', 'beta', 'Éclair'],
      'an amount of another currency is another',
    )
    t.strictSame(await names({ ...dollars, priceCurrency: 'JPY' }), ['Yen'])
    t.strictSame(await names({ inStock: true, priceCurrency: 'USD' }), ['Alpha', 'alpha 2', 'Éclair'])
    t.strictSame(await names({ inStock: false, maxPriceMinor: 299n }), ['Gamma'])
    t.strictSame(await names({ category: 'no such category' }), [])
  })

  t.test('lists a category in any case and any form of Unicode', async (t) => {
    const stores = await open(t)
    const end = newId()
    await addProduct(stores, 1, { name: 'Pan', category: `Küche ${end}` })
    await addProduct(stores, 1, { name: 'Pot', category: `küche ${end}`.normalize('NFD') })
    for (const category of [`KÜCHE ${end}`, `küche ${end}`, ` Küche ${end} `.normalize('NFD')])
      for (const sort of ['name', 'newest'] as const)
        t.strictSame(
          (await listAll(stores.products, { category }, sort)).toSorted(),
          ['Pan', 'Pot'],
          category,
        )
    t.strictSame(await listAll(stores.products, { category: `Kuche ${end}` }, 'name'), [])
  })

  t.test('ends a page early that would not fit into one message', async (t) => {
    const stores = await open(t)
    const category = newId()
    const long = {
      category,
      description: '水'.repeat(10_000),
      images: Array<string>(20).fill('水'.repeat(2_048)),
    }
    for (let n = 0; n < 9; n++) await addProduct(stores, 1, { ...long, name: `Long ${n}` })
    const first = await stores.products.list({ category }, 'name', 100, undefined)
    t.equal(first.products.length, 6)
    const second = await stores.products.list({ category }, 'name', 100, first.next)
    t.equal(second.products.length, 3)
    t.equal(second.next, undefined)
  })

  t.test('refuses a cursor that is not one of its own', async (t) => {
    const { products } = await open(t)
    for (const key of ['abc', '', '-1', '1e9', '9'.repeat(40)]) {
      const page = products.list({}, 'price', 2, { key, id: newProductId() })
      await t.rejects(page, { kind: 'invalid', code: 'products.invalid-cursor' }, key)
    }
  })
}
