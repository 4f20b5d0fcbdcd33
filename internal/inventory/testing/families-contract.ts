import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { createFamily, deleteFamily, renameFamily, type Family } from '../catalogue/domain/family.ts'
import { deleteProduct, updateProduct } from '../catalogue/domain/product.ts'
import { addProduct, history, newFamilyId, noon, trace, type InventoryStores } from './fixtures.ts'

type Open = (t: Test) => Promise<InventoryStores>

const add = ({ families }: InventoryStores, options: readonly string[] = ['size']): Promise<Family> =>
  families.add(createFamily(newFamilyId(), { name: 'Shirt', options }, noon), trace)

const remove = ({ families }: InventoryStores, id: Family['id']): Promise<Family> =>
  families.update(id, (family, hasMembers) => deleteFamily(family, hasMembers, undefined, noon), trace)

const read = async ({ families }: InventoryStores, ids: readonly Family['id'][]) =>
  (await families.read(ids, 100)).families

const members = async (stores: InventoryStores, id: Family['id']) =>
  (await read(stores, [id])).flatMap((found) => found.members)

/** What every store of families does. */
export function familiesContract(t: Test, open: Open): void {
  t.test('keeps, renames, lists and forgets families', async (t) => {
    const stores = await open(t)
    const [one, other] = [await add(stores, ['size', 'colour']), await add(stores)]
    t.strictSame(await read(stores, [one.id]), [{ family: one, members: [] }])
    const rename = () =>
      stores.families.update(one.id, (family) => renameFamily(family, 'Tee', undefined, noon), trace)
    const renamed = await rename()
    t.match(renamed, { name: 'Tee', version: 2, options: ['size', 'colour'] })
    await rename()
    t.strictSame(await stores.families.list(2, undefined), [other, renamed])
    t.strictSame(await stores.families.list(1, other.id), [renamed])
    await remove(stores, one.id)
    t.strictSame(await read(stores, [one.id]), [])
    await t.rejects(rename(), { kind: 'not-found', code: 'family.not-found' })
    t.strictSame(await history(stores, one.id), ['family.created 1', 'family.updated 2', 'family.deleted 3'])
  })

  t.test('finds what a request has made, while it is there', async (t) => {
    const stores = await open(t)
    const once = { key: newId(), fingerprint: 'a' }
    const change = createFamily(newFamilyId(), { name: 'Shirt', options: ['size'] }, noon)
    t.equal(await stores.families.findByRequest(once), undefined)
    const made = await stores.families.add(change, trace, once)
    t.strictSame(await stores.families.findByRequest(once), made)
    await remove(stores, made.id)
    await t.rejects(stores.families.findByRequest(once), { code: 'family.not-found' })
  })

  t.test('has products with different options, which may change and leave', async (t) => {
    const stores = await open(t)
    const { id: familyId } = await add(stores, ['size', 'colour'])
    const options = { colour: 'Red', size: 'M' }
    const product = await addProduct(stores, 3, { familyId, options })
    t.strictSame(product.membership, { familyId, options })
    t.match(await members(stores, familyId), [{ product, available: 3 }])
    t.match(
      (await stores.events()).find(({ aggregateId }) => aggregateId === product.id),
      {
        data: { product: { familyId, options } },
      },
    )
    const taken = { kind: 'conflict', code: 'product.options-taken' }
    await t.rejects(addProduct(stores, 1, { familyId, options: { colour: 'RED', size: 'm' } }), taken)
    const { id } = await addProduct(stores, 1, { familyId, options: { colour: 'red', size: 'L' } })
    const update = (patch: Parameters<typeof updateProduct>[1]) =>
      stores.products.update(id, (found) => updateProduct(found, patch, undefined, noon), trace)
    await t.rejects(update({ options }), taken)
    t.match(await update({ name: 'Large' }), { product: { membership: { familyId }, version: 2 } })
    t.match(await update({ options: { ...options, size: 'XL' } }), { product: { version: 3 } })
    await t.rejects(remove(stores, familyId), { kind: 'conflict', code: 'family.has-products' })
    t.match(await update({ familyId: null }), { product: { membership: undefined, version: 4 } })
    t.equal((await members(stores, familyId)).length, 1)
    await stores.products.update(product.id, (found) => deleteProduct(found, undefined, noon), trace)
    t.equal((await addProduct(stores, 1, { familyId, options })).membership?.familyId, familyId)
  })

  t.test('reads several with their products, as many as are wanted together', async (t) => {
    const stores = await open(t)
    const [one, other, empty] = [await add(stores), await add(stores), await add(stores)]
    const skus = new Map<string, string[]>()
    for (const [{ id: familyId }, size] of [
      [one, 'S'],
      [other, 'S'],
      [one, 'M'],
      [other, 'M'],
    ] as const) {
      const { sku } = await addProduct(stores, 1, { familyId, options: { size } })
      skus.set(familyId, [...(skus.get(familyId) ?? []), sku])
    }
    const ids = [other.id, empty.id, newFamilyId(), one.id]
    const found = async (maxMembers: number) => {
      const { families, unread } = await stores.families.read(ids, maxMembers)
      for (const { family, members: shown } of families)
        t.strictSame(
          shown.map(({ product }) => product.sku),
          skus.get(family.id) ?? [],
        )
      return { found: families.map(({ family }) => family.id), unread }
    }
    t.strictSame(await found(4), { found: [other.id, empty.id, one.id], unread: [] })
    t.strictSame(await found(3), { found: [other.id, empty.id], unread: [one.id] })
    t.strictSame(await found(1), { found: [other.id], unread: ids.slice(1) })
  })

  t.test('takes no product that has no place in it', async (t) => {
    const stores = await open(t)
    const { id: familyId } = await add(stores)
    const refused = (field: string) => ({ kind: 'invalid', code: 'product.invalid', details: { field } })
    for (const options of [{}, { colour: 'red' }, { size: 'M', colour: 'red' }])
      await t.rejects(addProduct(stores, 1, { familyId, options }), refused('options'))
    const elsewhere = { familyId: newFamilyId(), options: { size: 'M' } }
    await t.rejects(addProduct(stores, 1, elsewhere), refused('familyId'))
  })

  t.test('of eight products with the same options at once, one is in it', async (t) => {
    const stores = await open(t)
    const { id: familyId } = await add(stores)
    const ends = await Promise.allSettled(
      Array.from({ length: 8 }, () => addProduct(stores, 1, { familyId, options: { size: 'M' } })),
    )
    t.equal(ends.filter(({ status }) => status === 'fulfilled').length, 1)
    t.equal((await members(stores, familyId)).length, 1)
  })

  t.test('of a product that comes and the end of its family, one is refused', async (t) => {
    const stores = await open(t)
    for (let round = 0; round < 5; round++) {
      const { id: familyId } = await add(stores)
      const ends = await Promise.allSettled([
        addProduct(stores, 1, { familyId, options: { size: 'M' } }),
        remove(stores, familyId),
      ])
      t.strictSame(ends.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    }
  })
}
