import { requirePermission, type Call } from '../../../platform/call.ts'
import type { ImageId, ProductId } from '../../domain/ids.ts'
import { newImage, requireRoom } from '../domain/images.ts'
import type { ProductImages } from './product-images.ts'
import type { Products } from './products.ts'

type Deps = {
  readonly products: Products
  readonly images: ProductImages
  readonly newImageId: () => ImageId
  readonly now: () => Date
  /** What the files of all images may take together. */
  readonly imagesMaxBytes: number
}

type Input = {
  readonly productId: ProductId
  readonly alt: string
  readonly width: number
  readonly height: number
  readonly bytes: number
}

/**
 * The room is taken before a file is written, so that every file has a row, whoever dies when. Answers with undefined when
 * the same request has added its image before.
 */
export function reserveImage({ products, images, newImageId, now, imagesMaxBytes }: Deps) {
  return async ({ productId, ...input }: Input, call: Call): Promise<ImageId | undefined> => {
    requirePermission(call, 'products:write')
    if (call.once && (await products.findByRequest(call.once))) return undefined
    const image = newImage({ id: newImageId(), ...input })
    await images.reserve(productId, image, (used) => requireRoom(image, used, imagesMaxBytes), now())
    return image.id
  }
}
