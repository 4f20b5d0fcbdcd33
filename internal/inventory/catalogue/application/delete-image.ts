import { requirePermission, traceOf, type Call } from '../../../platform/call.ts'
import type { ImageId, ProductId } from '../../domain/ids.ts'
import { deleteImage as remove } from '../domain/images.ts'
import type { ProductImages } from './product-images.ts'

type Deps = {
  readonly images: ProductImages
  readonly now: () => Date
  /** Somebody deletes the files of removed images. */
  readonly wakeRemoval: () => void
}
type Input = { readonly productId: ProductId; readonly imageId: ImageId }

/** The files go after the commit, because a transaction that is rolled back could not bring them back. */
export function deleteImage({ images, now, wakeRemoval }: Deps) {
  return async ({ productId, imageId }: Input, call: Call): Promise<void> => {
    requirePermission(call, 'products:write')
    await images.remove(productId, (product) => remove(product, imageId, now()), traceOf(call))
    wakeRemoval()
  }
}
