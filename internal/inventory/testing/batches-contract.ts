import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { ProductWrite } from '../catalogue/application/products.ts'
import { createFamily, maxMembers } from '../catalogue/domain/family.ts'
import {
  createProduct,
  updateProduct,
  type NewProduct,
  type ProductPatch,
} from '../catalogue/domain/product.ts'
import type { FamilyId, ProductId } from '../domain/ids.ts'
import {
  addProduct,
  history,
  ledger,
  morning,
  newFamilyId,
  newProduct,
  newProductId,
  noon,
  trace,
  type InventoryStores,
} from './fixtures.ts'

type Open = (t: Test) => Promise<InventoryStores>

const adding = (wanted: Partial<NewProduct>, openingStock = 1): Extract<ProductWrite, { kind: 'add' }> => ({
  ...{ kind: 'add', openingStock, change: createProduct(newProductId(), newProduct(wanted), morning) },
})

const changing = (id: ProductId, patch: ProductPatch): ProductWrite => ({
  ...{ kind: 'update', id, decide: (product) => updateProduct(product, patch, undefined, noon) },
})

async function newFamily({ families }: InventoryStores): Promise<FamilyId> {
  const family = { name: 'Shirt', options: ['size'] }
  return (await families.add(createFamily(newFamilyId(), family, noon), trace)).id
}

/** What every catalogue does with many products at once. */
export function batchesContract(t: Test, open: Open): void {
  t.test(
    'stores several together, new ones and changed ones, each with its events and its stock',
    async (t) => {
      const stores = await open(t)
      const path = `new ${newId()}/below`
      const familyId = await newFamily(stores)
      const there = await addProduct(stores, 3)
      const same = await addProduct(stores, 2)
      const [one, other] = [adding({ category: path, sku: newId() }, 7), adding({ category: path }, 0)]
      const patch = { name: 'Renamed', familyId, options: { size: 'S' }, category: path.toUpperCase() }
      const writes = [one, changing(there.id, patch), changing(same.id, { name: same.name }), other]
      const stored = await storeAll(stores, writes)
      t.match(stored, [
        { product: { id: one.change.state.id, category: path }, available: 7 },
        { product: { id: there.id, name: 'Renamed', category: path, version: 2 }, available: 3 },
        { product: { id: same.id, version: 1 }, available: 2 },
        { product: { id: other.change.state.id, category: path }, available: 0 },
      ])
      const found = await stores.products.find(stored.map(({ product }) => product.id))
      for (const each of stored) t.strictSame(found.get(each.product.id), each)
      t.strictSame(await history(stores, there.id), ['product.created 1', 'product.updated 2'])
      t.strictSame(await history(stores, same.id), ['product.created 1'])
      t.strictSame(await history(stores, one.change.state.id), ['product.created 1'])
      t.strictSame(await ledger(stores, one.change.state.id), ['restock 7'])
      t.strictSame(await ledger(stores, other.change.state.id), [])
      t.strictSame(await stores.products.storeEach([], trace), [])
    },
  )

  t.test('stores those beside one that is refused', async (t) => {
    const stores = await open(t)
    const there = await addProduct(stores, 3, { sku: newId() })
    for (const [bad, code] of [
      [adding({ sku: there.sku }), 'product.sku-taken'],
      [adding({ attributes: { unknown: 'x' } }), 'product.invalid-attribute'],
      [adding({ familyId: newFamilyId(), options: { size: 'S' } }), 'product.invalid'],
      [changing(newProductId(), { name: 'x' }), 'product.not-found'],
    ] as const) {
      const { length } = await stores.events()
      const [one, other, last] = [adding({ category: `one ${newId()}` }), adding({}), adding({})]
      const writes = [one, other, changing(there.id, { name: `Other ${code}` }), bad, last]
      const stored = await stores.products.storeEach(writes, trace)
      t.match(stored[3], { code }, code)
      t.strictSame(
        stored.map((each) => each instanceof Refusal),
        [false, false, false, true, false],
      )
      const ids = [one, other, last].map(({ change }) => change.state.id)
      t.equal((await stores.products.find(ids)).size, 3)
      t.equal((await stores.products.find([there.id])).get(there.id)?.product.name, `Other ${code}`)
      // One of them came with its category.
      t.equal((await stores.events()).length, length + 5)
    }
  })

  t.test('tries what would be refused, also for the sake of one before it, and leaves nothing', async (t) => {
    const stores = await open(t)
    const { length } = await stores.events()
    const familyId = await newFamily(stores)
    const shirt = (size: string) => adding({ familyId, options: { size }, category: `tried ${familyId}` })
    const writes = [shirt('S'), shirt('M'), shirt('s'), shirt('L')]
    const stored = await stores.products.storeEach(writes, trace, true)
    t.strictSame(
      stored.map((each) => (each instanceof Refusal ? each.code : 'stored')),
      ['stored', 'stored', 'product.options-taken', 'stored'],
    )
    t.equal((await stores.products.find(writes.map(({ change }) => change.state.id))).size, 0)
    t.equal((await stores.events()).length, length + 1, 'that of the family')
    t.notOk((await stores.categories.list()).some(({ path }) => path === `tried ${familyId}`))
  })

  t.test('counts those that come into a family together', async (t) => {
    const stores = await open(t)
    const familyId = await newFamily(stores)
    const members = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) =>
        adding({ familyId, options: { size: `${from + index}` } }),
      )
    const codesOf = async (writes: readonly ProductWrite[]) =>
      (await stores.products.storeEach(writes, trace)).map((each) =>
        each instanceof Refusal ? each.code : '',
      )
    t.ok((await codesOf(members(0, maxMembers - 2))).every((code) => code === ''))
    t.strictSame(await codesOf(members(maxMembers, maxMembers + 3)), ['', '', 'family.full'])
  })
}

async function storeAll({ products }: InventoryStores, writes: readonly ProductWrite[]) {
  const stored = await products.storeEach(writes, trace)
  return stored.map((each) => {
    if (each instanceof Refusal) throw each
    return each
  })
}
