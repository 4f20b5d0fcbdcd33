import t from 'tap'
import { memoryFiles } from '../../../platform/files/testing/memory-files.ts'
import { imageFileNames } from '../../../platform/image-files.ts'
import type { ImageId } from '../../domain/ids.ts'
import { fakeInventory } from '../../testing/fake-inventory.ts'
import { addProduct, newImageId, trace } from '../../testing/fixtures.ts'
import { addImage, deleteImage } from '../domain/images.ts'
import { storedImageFiles } from '../infrastructure/stored-image-files.ts'
import { removeImageFiles, removeUnknownFiles } from './remove-image-files.ts'

const minute = 60_000

async function open() {
  const stores = fakeInventory(() => undefined)
  const { images } = stores
  const store = memoryFiles()
  const { id: productId } = await addProduct(stores, 1)
  let nowMs = Date.now()
  const now = (): Date => new Date(nowMs)
  const keep = async (id: ImageId): Promise<void> => {
    for (const name of imageFileNames(id)) await store.put(name, Buffer.from(name))
  }
  return {
    ...{ images, store, productId, keep },
    later: (ms: number): void => void (nowMs += ms),
    reserved: async (): Promise<ImageId> => {
      const id = newImageId()
      await images.reserve(productId, { id, alt: '', width: 1, height: 1, bytes: 1 }, () => undefined, now())
      await keep(id)
      return id
    },
    show: (id: ImageId) =>
      images.show(productId, id, (product, image) => addImage(product, image, now()), trace),
    remove: (id: ImageId) => images.remove(productId, (product) => deleteImage(product, id, now()), trace),
    removeFiles: removeImageFiles({ images, files: storedImageFiles(store), now }),
    removeUnknown: removeUnknownFiles({ images, files: storedImageFiles(store), now }),
    has: (id: ImageId): boolean => imageFileNames(id).some((name) => store.files.has(name)),
  }
}

t.test('the files of a removed image go, and then its row', async (t) => {
  const { images, reserved, show, remove, removeFiles, has } = await open()
  const [kept, gone] = [await reserved(), await reserved()]
  for (const id of [kept, gone]) await show(id)
  await remove(gone)
  t.equal(await removeFiles(), 1)
  t.strictSame([has(kept), has(gone)], [true, false])
  t.same(await images.known([kept, gone]), new Set([kept]))
  t.equal(await removeFiles(), 0)
})

t.test('what cannot be deleted is tried again, and holds nobody else up', async (t) => {
  const { images, store, reserved, show, remove, has } = await open()
  const [stuck, other] = [await reserved(), await reserved()]
  for (const id of [stuck, other]) {
    await show(id)
    await remove(id)
  }
  let isBroken = true
  const files = {
    ...store,
    async remove(names: readonly string[]) {
      if (isBroken && names.some((name) => name.startsWith(stuck))) throw new Error('the disk is away')
      await store.remove(names)
    },
  }
  const removeFiles = removeImageFiles({ images, files: storedImageFiles(files), now: () => new Date() })
  await t.rejects(removeFiles(), /the disk is away/)
  t.strictSame([has(stuck), has(other)], [true, false])
  t.same(await images.known([stuck, other]), new Set([stuck]), 'its row remembers the files')
  isBroken = false
  await removeFiles()
  t.notOk(has(stuck))
})

t.test('an upload that nobody has ended is given up after a quarter of an hour', async (t) => {
  const { reserved, show, later, removeFiles, has } = await open()
  const id = await reserved()
  later(14 * minute)
  t.equal(await removeFiles(), 0)
  t.ok(has(id))
  later(2 * minute)
  t.equal(await removeFiles(), 1)
  t.notOk(has(id))
  await t.rejects(show(id), { code: 'image.not-reserved' })
})

t.test('a file that belongs to no image goes when it is an hour old', async (t) => {
  const { store, reserved, show, keep, later, removeUnknown, has } = await open()
  const [shown, unknown] = [await reserved(), newImageId()]
  await show(shown)
  await keep(unknown)
  await store.put(`${shown}-page.webp.${newImageId()}.part`, Buffer.from('what a crash has left'))
  await store.put('something-else', Buffer.from('x'))
  later(59 * minute)
  t.equal(await removeUnknown(), 0)
  later(2 * minute)
  t.equal(await removeUnknown(), 5)
  t.strictSame([has(shown), has(unknown), store.files.size], [true, false, 3])
})

t.test('a thousand files are looked at in pieces', async (t) => {
  const { store, keep, later, removeUnknown } = await open()
  for (let count = 0; count < 400; count++) await keep(newImageId())
  later(61 * minute)
  t.equal(await removeUnknown(), 1_200)
  t.equal(store.files.size, 0)
})
