import fc from 'fast-check'
import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import {
  anyText,
  foundByParts,
  oddTexts,
  productText,
  queriesFor,
} from '../../platform/testing/product-texts.ts'
import { updateProduct, deleteProduct } from '../catalogue/domain/product.ts'
import { addProduct, noon, trace, type InventoryStores } from './fixtures.ts'
import { listAll } from './products-contract.ts'

type Open = (t: Test) => Promise<InventoryStores>

/** What every catalogue finds. */
export function searchContract(t: Test, open: Open): void {
  wordTests(t, open)
  nameTests(t, open)
  odditiesTests(t, open)
}

function wordTests(t: Test, open: Open): void {
  t.test('finds words in name, SKU and description, each of which may be a part', async (t) => {
    const stores = await open(t)
    const category = newId()
    await addProduct(stores, 1, { category, name: 'Red lamp', description: 'with a shade' })
    await addProduct(stores, 1, { category, name: 'Blue vase', sku: `VASE ${category}`, description: '' })
    const found = (query: string) => listAll(stores.products, { category, query }, 'name')
    t.strictSame(await found('LAMP red'), ['Red lamp'])
    t.strictSame(await found('red sha'), ['Red lamp'])
    t.strictSame(await found('"lam", red.'), ['Red lamp'])
    t.strictSame(await found('vas'), ['Blue vase'])
    t.strictSame(await found('lamp blue'), [])
    t.strictSame(await found('vase -blue'), ['Blue vase'])
    t.strictSame(await found('lamp or vase'), [])
    t.strictSame(await found('l%p'), [])
    t.strictSame(await found('la_p'), [])
    t.strictSame(await found('  '), ['Blue vase', 'Red lamp'])
  })

  t.test('finds what a product is called now, while it is there', async (t) => {
    const stores = await open(t)
    const [category, word] = [newId(), `w${newId().slice(-8)}`]
    const { id } = await addProduct(stores, 1, { category, name: `Old ${word}` })
    const found = (query: string) => listAll(stores.products, { query }, 'name')
    const rename = { name: 'Kettle', description: `once ${word}x` }
    await stores.products.update(id, (product) => updateProduct(product, rename, undefined, noon), trace)
    t.strictSame(await found(`old ${word}`), [])
    t.strictSame(await found(`${word}x kettle`), ['Kettle'])
    await stores.products.update(id, (product) => deleteProduct(product, undefined, noon), trace)
    t.strictSame(await found(`${word}x`), [])
  })

  t.test('pages through what it finds, however many there are', async (t) => {
    const stores = await open(t)
    const category = newId()
    const names = Array.from({ length: 5 }, (_, index) => `Lantern ${index}`)
    for (const name of names) await addProduct(stores, 1, { category, name })
    t.strictSame(await listAll(stores.products, { category, query: 'lantern' }, 'name'), names)
    t.strictSame(await listAll(stores.products, { category, query: 'l' }, 'newest'), names.toReversed())
  })
}

function nameTests(t: Test, open: Open): void {
  for (const [name, sku, queries] of foundByParts) {
    t.test(`finds ${name} by its parts`, async (t) => {
      const stores = await open(t)
      const category = newId()
      await addProduct(stores, 1, { category, name, sku: `${sku} ${category}`.slice(0, 64), description: '' })
      for (const query of queries)
        t.equal((await listAll(stores.products, { category, query }, 'newest')).length, 1, query)
    })
  }

  t.test('finds every product by its name, its SKU and their parts', async (t) => {
    const stores = await open(t)
    const property = fc.asyncProperty(productText, productText, async (name, sku) => {
      const category = newId()
      const product = await addProduct(stores, 1, { category, name, sku: skuOf(sku), description: '' })
      for (const query of queriesFor(product.name, product.sku)) {
        const page = await stores.products.list({ category, query }, 'newest', 2, undefined)
        if (page.products.length !== 1) throw new Error(`${JSON.stringify(query)} does not find it`)
      }
    })
    await fc.assert(property, { numRuns: 60 })
  })
}

/** Unlike any other product's. */
const skuOf = (text: string): string =>
  `${Array.from(text.normalize('NFC')).slice(0, 20).join('')}·${newId()}`

function odditiesTests(t: Test, open: Open): void {
  t.test('takes any text as a search', async (t) => {
    const { products } = await open(t)
    for (const query of oddTexts) await t.resolves(products.list({ query }, 'newest', 2, undefined), query)
    await fc.assert(
      fc.asyncProperty(anyText, async (query) => {
        await products.list({ query }, 'price', 2, undefined)
      }),
      { numRuns: 100 },
    )
  })

  t.test('refuses what no text of a database can hold', async (t) => {
    const { products } = await open(t)
    for (const text of ['a\0b', '\ud800'])
      for (const filter of [{ query: text }, { category: text }])
        await t.rejects(products.list(filter, 'newest', 2, undefined), {
          kind: 'invalid',
          code: 'products.invalid-filter',
        })
  })
}
