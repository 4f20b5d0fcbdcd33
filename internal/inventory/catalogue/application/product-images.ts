import type { Once, Trace } from '../../../platform/call.ts'
import type { ImageId, ProductId } from '../../domain/ids.ts'
import type { ImageUse, NewImage } from '../domain/images.ts'
import type { Product, ProductChange } from '../domain/product.ts'
import type { UploadedImage } from '../domain/uploaded-image.ts'
import type { ListedProduct } from './products.ts'

/**
 * The images of products. A reserved one has room for its files; the product shows it when they are stored. A removed one
 * stays until its files are deleted.
 */
export type ProductImages = {
  /** `judge` may refuse; nobody else reserves meanwhile. Refused with product.not-found. */
  readonly reserve: (
    productId: ProductId,
    image: NewImage,
    judge: (used: ImageUse) => void,
    at: Date,
  ) => Promise<void>
  /** `decide` sees the locked product. Refused with product.not-found and image.not-reserved. */
  readonly show: (
    productId: ProductId,
    imageId: ImageId,
    decide: (product: Product, image: UploadedImage) => ProductChange,
    trace: Trace,
    once?: Once,
  ) => Promise<ListedProduct>
  /** Removes what `decide` leaves out, and answers when that is committed. Refused with product.not-found. */
  readonly remove: (
    productId: ProductId,
    decide: (product: Product) => ProductChange,
    trace: Trace,
  ) => Promise<ListedProduct>
  /** Removes what was reserved before `before` and is not shown. */
  readonly expire: (before: Date) => Promise<void>
  /** Some of those whose files are to be deleted, oldest first. */
  readonly findRemoved: () => Promise<readonly ImageId[]>
  /** The files of these removed images are deleted. */
  readonly forget: (ids: readonly ImageId[]) => Promise<void>
  /** Those of the ids that have a row, in whatever state. */
  readonly known: (ids: readonly ImageId[]) => Promise<ReadonlySet<ImageId>>
}
