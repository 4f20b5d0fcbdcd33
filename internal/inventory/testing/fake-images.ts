import type { ProductImages } from '../catalogue/application/product-images.ts'
import type { ListedProduct } from '../catalogue/application/products.ts'
import { notReserved } from '../catalogue/domain/images.ts'
import type { Product, ProductChange } from '../catalogue/domain/product.ts'
import { encodeProductEvent } from '../catalogue/infrastructure/product-events.ts'
import type { Trace } from '../../platform/call.ts'
import type { ImageId, ProductId } from '../domain/ids.ts'
import { productNotFound } from '../domain/product-not-found.ts'
import type { ImageRow, InventoryTables } from './inventory-tables.ts'

export function fakeImages(tables: InventoryTables): ProductImages {
  const { images, keys } = tables
  const live = (id: ProductId): Product => {
    const product = tables.products.get(id)
    if (!product || product.deletedAt) throw productNotFound()
    return product
  }
  const apply = (before: Product, { state, events }: ProductChange, trace: Trace): ListedProduct => {
    const available = tables.stock.get(state.id)?.available ?? 0
    tables.products.set(state.id, state)
    moveImages(tables, before, state)
    tables.append(events.map((event) => encodeProductEvent(event, available, trace)))
    return { product: state, available }
  }
  const withState = (state: ImageRow['state']): readonly ImageRow[] =>
    [...images.values()].filter((row) => row.state === state)
  return {
    async reserve(productId, image, judge, at) {
      live(productId)
      const all = [...images.values()]
      judge({
        ofProduct: all.filter((row) => row.productId === productId && row.state !== 'removed').length,
        bytesInAll: all.reduce((sum, { image: { bytes } }) => sum + bytes, 0),
      })
      images.set(image.id, { productId, state: 'reserved', image, createdAt: at })
    },
    async show(productId, imageId, decide, trace, once) {
      keys.claim(once, productId)
      try {
        const row = images.get(imageId)
        if (row?.state !== 'reserved' || row.productId !== productId) throw notReserved()
        const { id, alt, width, height } = row.image
        const product = live(productId)
        return apply(product, decide(product, { id, alt, width, height }), trace)
      } catch (err) {
        if (once) keys.free(once)
        throw err
      }
    },
    async remove(productId, decide, trace) {
      const product = live(productId)
      return apply(product, decide(product), trace)
    },
    async expire(before) {
      for (const row of withState('reserved'))
        if (row.createdAt < before) images.set(row.image.id, { ...row, state: 'removed' })
    },
    findRemoved: async () => withState('removed').map(({ image }) => image.id),
    async forget(ids) {
      for (const id of ids) if (images.get(id)?.state === 'removed') images.delete(id)
    },
    known: async (ids) => new Set(ids.filter((id) => images.has(id))),
  }
}

/** What the product shows is shown, and what it no longer shows is removed. */
export function moveImages({ images }: InventoryTables, before: Product, after: Product): void {
  const move = (id: ImageId, state: ImageRow['state']): void => {
    const row = images.get(id)
    if (row) images.set(id, { ...row, state })
  }
  for (const { id } of before.uploaded) move(id, 'removed')
  for (const { id } of after.uploaded) move(id, 'shown')
}
