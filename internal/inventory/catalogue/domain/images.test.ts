import t from 'tap'
import { morning, newImageId, newProduct, newProductId, noon } from '../../testing/fixtures.ts'
import { addImage, deleteImage, newImage, requireRoom } from './images.ts'
import { createProduct, deleteProduct, updateProduct } from './product.ts'

const { state: product } = createProduct(newProductId(), newProduct(), morning)
const input = { id: newImageId(), alt: 'A lamp', width: 1_600, height: 900, bytes: 1_000 }
const shown = { id: input.id, alt: 'A lamp', width: 1_600, height: 900 }

t.test('an image is a change of its product', async (t) => {
  const added = addImage(product, shown, noon)
  t.match(added.state, { version: 2, updatedAt: noon, uploaded: [shown] })
  t.match(added.events, [{ type: 'ProductUpdated', product: added.state }])
  const removed = deleteImage(added.state, shown.id, noon)
  t.match(removed.state, { version: 3, uploaded: [] })
  t.match(removed.events, [{ type: 'ProductUpdated' }])
})

t.test('images are in the order in which they were begun', async (t) => {
  const [first, second] = [
    { ...shown, id: newImageId() },
    { ...shown, id: newImageId() },
  ]
  const { state } = addImage(addImage(product, second, noon).state, first, noon)
  t.strictSame(state.uploaded, [first, second])
})

t.test('an image that the product does not show cannot be deleted', async (t) => {
  t.throws(() => deleteImage(product, newImageId(), noon), { kind: 'not-found', code: 'image.not-found' })
})

t.test('other changes leave the images alone, and a deleted product has none', async (t) => {
  const { state } = addImage(product, shown, noon)
  t.strictSame(updateProduct(state, { name: 'New', images: [] }, undefined, noon).state.uploaded, [shown])
  t.strictSame(deleteProduct(state, undefined, noon).state.uploaded, [])
})

t.test('a description is one line of some length', async (t) => {
  t.equal(newImage({ ...input, alt: '  A lamp ' }).alt, 'A lamp')
  t.equal(newImage({ ...input, alt: 'é'.repeat(500) }).alt.length, 500)
  for (const alt of ['a\nb', 'a\u0000', 'a'.repeat(501)])
    t.throws(() => newImage({ ...input, alt }), { kind: 'invalid', code: 'image.invalid' })
})

t.test('an image has a size', async (t) => {
  for (const wrong of [
    { width: 0 },
    { height: -1 },
    { width: 1.5 },
    { height: 20_000 },
    { bytes: 0 },
    { bytes: 2 ** 30 },
  ])
    t.throws(() => newImage({ ...input, ...wrong }), { code: 'image.invalid' })
})

t.test('there is room for twenty images of a product, and for so many bytes in all', async (t) => {
  const image = newImage(input)
  const judge = (ofProduct: number, bytesInAll: number) => () =>
    requireRoom(image, { ofProduct, bytesInAll }, 5_000)
  t.doesNotThrow(judge(19, 4_000))
  t.throws(judge(20, 0), { kind: 'conflict', code: 'image.too-many' })
  t.throws(judge(0, 4_001), { kind: 'conflict', code: 'image.storage-full' })
})
