import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { CategoryId } from '../domain/ids.ts'
import type { Category } from '../catalogue/domain/category.ts'
import {
  createCategory,
  deleteCategory,
  updateCategory,
  type CategoryPatch,
} from '../catalogue/domain/category-tree.ts'
import { deleteProduct, updateProduct } from '../catalogue/domain/product.ts'
import { addProduct, history, newCategoryId, noon, trace, type InventoryStores } from './fixtures.ts'
import { listAll } from './products-contract.ts'

type Open = (t: Test) => Promise<InventoryStores>

/** What every tree of categories does. */
export function categoriesContract(t: Test, open: Open): void {
  keepingTests(t, open)
  productTests(t, open)
  attributeTests(t, open)
  raceTests(t, open)
}

/** A root of its own for each test, because they may share a database. */
const newName = (): string => `Root ${newId()}`

const add = ({ categories }: InventoryStores, name: string, parentId?: CategoryId): Promise<Category> =>
  categories.change((tree) => createCategory(tree, newCategoryId(), { name, parentId }, noon), trace)

const change = ({ categories }: InventoryStores, id: CategoryId, patch: CategoryPatch): Promise<Category> =>
  categories.change((tree) => updateCategory(tree, id, patch, undefined, noon), trace)

const remove = ({ categories }: InventoryStores, id: CategoryId): Promise<void> =>
  categories.remove(id, (tree, hasProducts) => deleteCategory(tree, id, hasProducts, undefined, noon), trace)

const pathsUnder = async ({ categories }: InventoryStores, root: string): Promise<readonly string[]> =>
  (await categories.list())
    .map(({ path }) => path)
    .filter((path) => path.startsWith(root))
    .map((path) => path.slice(root.length))

function keepingTests(t: Test, open: Open): void {
  t.test('lists each category before those below it', async (t) => {
    const stores = await open(t)
    const root = newName()
    const { id } = await add(stores, root)
    for (const name of ['b', 'a', 'a b', 'a!']) await add(stores, name, id)
    const a = (await stores.categories.list()).find(({ path }) => path === `${root}/a`)
    await add(stores, 'z', a?.id)
    t.strictSame(await pathsUnder(stores, root), ['', '/a', '/a/z', '/a b', '/a!', '/b'])
    t.strictSame(await stores.categories.find(id), { ...(await stores.categories.find(id)), path: root })
  })

  t.test('tells of each category whose path has changed', async (t) => {
    const stores = await open(t)
    const root = newName()
    const { id } = await add(stores, root)
    const below = await add(stores, 'below', id)
    const mark = await stores.categories.mark()
    await change(stores, id, { name: `${root} 2` })
    t.not(await stores.categories.mark(), mark)
    t.strictSame(await pathsUnder(stores, root), [' 2', ' 2/below'])
    await change(stores, id, { name: `${root} 2` })
    t.strictSame(await history(stores, below.id), ['category.created 1', 'category.updated 2'])
    t.strictSame(await history(stores, id), ['category.created 1', 'category.updated 2'])
    t.match((await stores.events()).filter(({ aggregateId }) => aggregateId === below.id).at(-1), {
      aggregateType: 'category',
      type: 'tillstream.category.updated.v1',
      data: { category: { id: below.id, parentId: id, path: `${root} 2/below`, version: 2 } },
    })
  })

  t.test('forgets what is deleted, whose place is free then', async (t) => {
    const stores = await open(t)
    const root = newName()
    const { id } = await add(stores, root)
    const mark = await stores.categories.mark()
    await remove(stores, id)
    t.not(await stores.categories.mark(), mark)
    t.equal(await stores.categories.find(id), undefined)
    await t.rejects(remove(stores, id), { kind: 'not-found', code: 'category.not-found' })
    t.strictSame(await history(stores, id), ['category.created 1', 'category.deleted 2'])
    t.not((await add(stores, root)).id, id)
  })

  t.test('finds what a request has made, while it is there', async (t) => {
    const stores = await open(t)
    const once = { key: newId(), fingerprint: 'a' }
    const make = (name: string) =>
      stores.categories.change(
        (tree) => createCategory(tree, newCategoryId(), { name, parentId: undefined }, noon),
        trace,
        once,
      )
    t.equal(await stores.categories.findByRequest(once), undefined)
    const made = await make(newName())
    t.strictSame(await stores.categories.findByRequest(once), made)
    await t.rejects(make(newName()), { code: 'request.idempotency-key-in-use' })
    await remove(stores, made.id)
    await t.rejects(stores.categories.findByRequest(once), { code: 'category.not-found' })
  })
}

function productTests(t: Test, open: Open): void {
  t.test('a product is in the category of its path, which comes with it', async (t) => {
    const stores = await open(t)
    const root = newName()
    const first = await addProduct(stores, 1, { category: `${root}/Pots` })
    const second = await addProduct(stores, 1, { category: ` ${root.toUpperCase()} / pots` })
    t.match(second, { category: `${root}/Pots`, categoryId: first.categoryId })
    t.strictSame(await pathsUnder(stores, root), ['', '/Pots'])
    t.strictSame(await history(stores, first.categoryId ?? ''), ['category.created 1'])
    t.match(
      (await stores.events()).find(({ aggregateId }) => aggregateId === first.id),
      {
        data: { product: { category: `${root}/Pots`, categoryId: first.categoryId } },
      },
    )
  })

  t.test('a refused product leaves no category behind', async (t) => {
    const stores = await open(t)
    const root = newName()
    const { sku } = await addProduct(stores, 1)
    await t.rejects(addProduct(stores, 1, { sku, category: root }), { code: 'product.sku-taken' })
    t.strictSame(await pathsUnder(stores, root), [])
  })

  t.test(
    'a product that is put elsewhere has another version, and one that is moved with its category has not',
    async (t) => {
      const stores = await open(t)
      const root = newName()
      const { id, categoryId } = await addProduct(stores, 1, { category: `${root}/a` })
      const update = (category: string) =>
        stores.products.update(id, (product) => updateProduct(product, { category }, undefined, noon), trace)
      t.match(await update(`${root}/A`), { product: { category: `${root}/a`, version: 1 } })
      const moved = (await update(`${root}/b/c`)).product
      t.match(moved, { category: `${root}/b/c`, version: 2 })
      t.strictSame((await stores.products.find([id])).get(id)?.product, moved)
      t.not(moved.categoryId, categoryId)
      const b = (await stores.categories.list()).find(({ path }) => path === `${root}/b`)
      if (b) await change(stores, b.id, { name: 'B', parentId: null })
      const shown = (await stores.products.find([id])).get(id)?.product
      t.match(shown, { category: 'B/c', categoryId: moved.categoryId, version: 2 })
      t.equal((await stores.products.quote([id])).get(id)?.category, 'B/c')
      if (b) await change(stores, b.id, { name: newName() })
    },
  )

  t.test('lists what is in a category and in those below it', async (t) => {
    const stores = await open(t)
    const root = newName()
    for (const [name, path] of [
      ['Bowl', root],
      ['Pot', `${root}/Pots`],
      ['Mini', `${root}/Pots/Small`],
      ['Potter', `${root}/Potters`],
    ] as const)
      await addProduct(stores, 1, { name, category: path })
    const names = (category: string) => listAll(stores.products, { category }, 'name')
    t.strictSame(await names(root), ['Bowl', 'Mini', 'Pot', 'Potter'])
    t.strictSame(await names(`${root.toUpperCase()}/POTS/`), ['Mini', 'Pot'])
    t.strictSame(await names(`${root}/Potters`), ['Potter'])
    t.strictSame(await names(`${root}/pot`), [])
    t.strictSame(await names('/'), [])
  })

  t.test('a category stays while a product is in it', async (t) => {
    const stores = await open(t)
    const { id, categoryId } = await addProduct(stores, 1, { category: newName() })
    const removal = () => remove(stores, categoryId!)
    await t.rejects(removal(), { kind: 'conflict', code: 'category.has-products' })
    await stores.products.update(id, (product) => deleteProduct(product, undefined, noon), trace)
    await t.resolves(removal())
  })
}

function attributeTests(t: Test, open: Open): void {
  const steel = { material: 'steel' }
  const defined = [{ name: 'material', type: 'string' }]
  const define = (
    { categories }: InventoryStores,
    id: CategoryId,
    attributes: NonNullable<CategoryPatch['attributes']>,
  ) => categories.change((tree) => updateCategory(tree, id, { attributes }, undefined, noon), trace)

  t.test('a product has what its category and those above it have', async (t) => {
    const stores = await open(t)
    const root = newName()
    const { id } = await add(stores, root)
    t.match(await define(stores, id, defined), { version: 2, attributes: defined })
    t.match(await stores.categories.find(id), { attributes: defined })
    const product = await addProduct(stores, 1, { category: `${root}/Pots`, attributes: steel })
    t.strictSame((await stores.products.find([product.id])).get(product.id)?.product, product)
    t.strictSame(product.attributes, steel)
    t.match(
      (await stores.events()).find(({ aggregateId }) => aggregateId === product.id),
      {
        data: { product: { attributes: steel } },
      },
    )
    const update = (patch: Parameters<typeof updateProduct>[1]) =>
      stores.products.update(product.id, (found) => updateProduct(found, patch, undefined, noon), trace)
    const refused = { kind: 'invalid', code: 'product.invalid-attribute' }
    await t.rejects(update({ attributes: { colour: 'red' } }), refused)
    await t.rejects(update({ attributes: { material: 1 } }), refused)
    await t.rejects(update({ category: newName() }), refused, 'and where it has none')
    await t.rejects(addProduct(stores, 1, { category: newName(), attributes: steel }), refused)
    t.match(await update({ name: 'Pot' }), { product: { attributes: steel, version: 2 } })
    t.match(await update({ attributes: steel }), { product: { version: 2 } })
    t.match(await update({ attributes: {}, category: `${root}/Pans` }), {
      product: { attributes: {}, category: `${root}/Pans`, version: 3 },
    })
  })

  t.test('no product loses what it says of itself', async (t) => {
    const stores = await open(t)
    const root = newName()
    const { id } = await add(stores, root)
    await define(stores, id, defined)
    const pots = await addProduct(stores, 1, { category: `${root}/Pots`, attributes: steel })
    const inUse = { kind: 'conflict', code: 'category.attribute-in-use' }
    await t.rejects(define(stores, id, []), inUse)
    await t.rejects(define(stores, id, [{ name: 'material', type: 'boolean' }]), inUse)
    await t.rejects(change(stores, pots.categoryId!, { parentId: null }), inUse)
    t.match(await stores.categories.find(id), { attributes: defined, version: 2 })
    await stores.products.update(pots.id, (product) => deleteProduct(product, undefined, noon), trace)
    t.match(await define(stores, id, []), { attributes: [], version: 3 })
  })

  t.test(
    'of a product that comes with an attribute and the end of that attribute, one is refused',
    async (t) => {
      const stores = await open(t)
      for (let round = 0; round < 5; round++) {
        const root = newName()
        const { id } = await add(stores, root)
        await add(stores, 'Pots', id)
        await define(stores, id, defined)
        const ends = await Promise.allSettled([
          addProduct(stores, 1, { category: `${root}/Pots`, attributes: steel }),
          define(stores, id, []),
        ])
        t.strictSame(ends.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
      }
    },
  )
}

function raceTests(t: Test, open: Open): void {
  t.test('eight products at once make one category', async (t) => {
    const stores = await open(t)
    const category = `${newName()}/new`
    const products = await Promise.all(Array.from({ length: 8 }, () => addProduct(stores, 1, { category })))
    t.equal(new Set(products.map(({ categoryId }) => categoryId)).size, 1)
  })

  t.test('no product is left in a category that goes while products come', async (t) => {
    const stores = await open(t)
    const root = newName()
    for (let round = 0; round < 5; round++) {
      const { id } = await add(stores, `${root} ${round}`)
      const coming = Array.from({ length: 4 }, () => addProduct(stores, 1, { category: `${root} ${round}` }))
      await Promise.allSettled([remove(stores, id), ...coming])
      for (const { categoryId } of await Promise.all(coming))
        t.ok(categoryId && (await stores.categories.find(categoryId)), 'its category is there')
    }
  })

  t.test('products that come while their category is renamed show its path', async (t) => {
    const stores = await open(t)
    const root = newName()
    for (let round = 0; round < 5; round++) {
      const { id } = await add(stores, `${root} ${round}`)
      const coming = Array.from({ length: 4 }, () => addProduct(stores, 1, { category: `${root} ${round}` }))
      await Promise.all([change(stores, id, { name: `${root} ${round} renamed` }), ...coming])
      for (const product of await Promise.all(coming)) {
        const shown = (await stores.products.find([product.id])).get(product.id)?.product
        const category = shown?.categoryId && (await stores.categories.find(shown.categoryId))
        t.equal(shown?.category, category ? category.path : 'that of a category')
      }
    }
  })

  t.test('of two that are moved below each other, one is refused', async (t) => {
    const stores = await open(t)
    const root = newName()
    const [one, other] = [await add(stores, `${root} 1`), await add(stores, `${root} 2`)]
    const moves = await Promise.allSettled([
      change(stores, one.id, { parentId: other.id }),
      change(stores, other.id, { parentId: one.id }),
    ])
    t.strictSame(moves.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  })
}
