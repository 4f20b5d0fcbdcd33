import type { Test } from 'tap'
import type { Once } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'
import type { ImageId, ProductId } from '../domain/ids.ts'
import { addImage, deleteImage, type ImageUse, type NewImage } from '../catalogue/domain/images.ts'
import { deleteProduct } from '../catalogue/domain/product.ts'
import {
  addProduct,
  history,
  morning,
  newImageId,
  newProductId,
  noon,
  trace,
  type InventoryStores,
} from './fixtures.ts'

const image = (id = newImageId()): NewImage => ({
  id,
  alt: 'a lamp',
  width: 1_600,
  height: 900,
  bytes: 1_000,
})
const anyUse = (): void => undefined

/** What every store of images has to do. */
export function imagesContract(t: Test, open: () => Promise<InventoryStores>): void {
  t.test('a product shows what was reserved for it and stored', async (t) => {
    const stores = await open()
    const { id } = await addProduct(stores, 1)
    const wanted = image()
    await stores.images.reserve(id, wanted, anyUse, morning)
    t.strictSame(await uploaded(stores, id), [], 'not yet')
    const { product } = await show(stores, id, wanted.id)
    const { bytes: _, ...shown } = wanted
    t.match(product, { version: 2, uploaded: [shown] })
    t.strictSame(await uploaded(stores, id), [shown])
    t.strictSame(await history(stores, id), ['product.created 1', 'product.updated 2'])
    const quote = (await stores.products.quote([id], true)).get(id)
    t.equal(quote?.image, `/images/${wanted.id}/card`, 'a cart shows it')
  })

  t.test('nothing is shown that was not reserved for this product, or is shown already', async (t) => {
    const stores = await open()
    const [one, other] = [await addProduct(stores, 1), await addProduct(stores, 1)]
    const wanted = image()
    const refused = { kind: 'conflict', code: 'image.not-reserved' }
    await t.rejects(show(stores, one.id, wanted.id), refused)
    await stores.images.reserve(one.id, wanted, anyUse, morning)
    await t.rejects(show(stores, other.id, wanted.id), refused)
    await show(stores, one.id, wanted.id)
    await t.rejects(show(stores, one.id, wanted.id), refused)
  })

  t.test('no room is made for a product that is not there', async (t) => {
    const stores = await open()
    const refused = { kind: 'not-found', code: 'product.not-found' }
    await t.rejects(stores.images.reserve(newProductId(), image(), anyUse, morning), refused)
    const { id } = await addProduct(stores, 1)
    await stores.products.update(id, (product) => deleteProduct(product, undefined, noon), trace)
    await t.rejects(stores.images.reserve(id, image(), anyUse, morning), refused)
  })

  t.test('of ten reservations at once, each sees those before it', async (t) => {
    const stores = await open()
    const { id } = await addProduct(stores, 1)
    const seen: ImageUse[] = []
    const reserve = () => stores.images.reserve(id, image(), (used) => void seen.push(used), morning)
    await Promise.all(Array.from({ length: 10 }, reserve))
    t.strictSame(
      seen.map(({ ofProduct }) => ofProduct).sort((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    )
    const bytes = seen.map(({ bytesInAll }) => bytesInAll)
    t.equal(Math.max(...bytes) - Math.min(...bytes), 9_000)
  })

  t.test('images that are added at once are all there', async (t) => {
    const stores = await open()
    const { id } = await addProduct(stores, 1)
    const all = [image(), image(), image(), image(), image()]
    for (const wanted of all) await stores.images.reserve(id, wanted, anyUse, morning)
    const answers = await Promise.all(all.map((wanted) => show(stores, id, wanted.id)))
    t.strictSame(
      answers.map(({ product }) => [product.version, product.uploaded.length]).toSorted(),
      [2, 3, 4, 5, 6].map((version) => [version, version - 1]),
      'each shows those that were added before',
    )
    t.strictSame(
      (await uploaded(stores, id)).map((shown) => shown.id),
      all.map((wanted) => wanted.id).sort(),
    )
    t.match(await stores.products.find([id]).then((found) => found.get(id)), { product: { version: 6 } })
  })

  t.test('a key is used once, and a refused request leaves it unused', async (t) => {
    const stores = await open()
    const { id } = await addProduct(stores, 1)
    const once: Once = { key: newId(), fingerprint: 'f' }
    const [first, second] = [image(), image()]
    await t.rejects(show(stores, id, first.id, once), { code: 'image.not-reserved' })
    for (const wanted of [first, second]) await stores.images.reserve(id, wanted, anyUse, morning)
    await show(stores, id, first.id, once)
    await t.rejects(show(stores, id, second.id, once), { code: 'request.idempotency-key-in-use' })
    t.equal((await stores.products.findByRequest(once))?.product.id, id)
  })

  t.test('what is removed, by itself or with its product, waits for the removal of its files', async (t) => {
    const stores = await open()
    const { id } = await addProduct(stores, 1)
    const [one, other] = [image(), image()]
    for (const wanted of [one, other]) {
      await stores.images.reserve(id, wanted, anyUse, morning)
      await show(stores, id, wanted.id)
    }
    await stores.images.remove(id, (product) => deleteImage(product, one.id, noon), trace)
    t.strictSame(
      (await uploaded(stores, id)).map((shown) => shown.id),
      [other.id],
    )
    t.strictSame(await removedOf(stores, [one.id, other.id]), [one.id])
    await stores.products.update(id, (product) => deleteProduct(product, undefined, noon), trace)
    t.strictSame(await removedOf(stores, [one.id, other.id]), [one.id, other.id].sort())
    await stores.images.forget([one.id, other.id])
    t.equal((await stores.images.known([one.id, other.id])).size, 0)
  })

  t.test('what is shown or still reserved is not forgotten', async (t) => {
    const stores = await open()
    const { id } = await addProduct(stores, 1)
    const [shown, reserved] = [image(), image()]
    for (const wanted of [shown, reserved]) await stores.images.reserve(id, wanted, anyUse, morning)
    await show(stores, id, shown.id)
    await stores.images.forget([shown.id, reserved.id])
    await stores.images.expire(new Date(morning.getTime() - 1))
    t.strictSame(await removedOf(stores, [shown.id, reserved.id]), [])
    await stores.images.expire(noon)
    t.strictSame(await removedOf(stores, [shown.id, reserved.id]), [reserved.id], 'its time is over')
    await t.rejects(show(stores, id, reserved.id), { code: 'image.not-reserved' })
    t.same(await stores.images.known([shown.id, newImageId()]), new Set([shown.id]))
  })
}

const show = ({ images }: InventoryStores, productId: ProductId, id: ImageId, once?: Once) =>
  images.show(productId, id, (product, wanted) => addImage(product, wanted, noon), trace, once)

const uploaded = async ({ products }: InventoryStores, id: ProductId) =>
  (await products.find([id])).get(id)?.product.uploaded ?? []

/** Those of the ids whose files are to be deleted. */
const removedOf = async ({ images }: InventoryStores, ids: readonly ImageId[]): Promise<readonly ImageId[]> =>
  (await images.findRemoved()).filter((id) => ids.includes(id)).sort()
