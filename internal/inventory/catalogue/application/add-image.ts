import { requirePermission, traceOf, type Call } from '../../../platform/call.ts'
import { doOnce, type Done } from '../../../platform/do-once.ts'
import type { ImageId, ProductId } from '../../domain/ids.ts'
import { addImage as add } from '../domain/images.ts'
import type { ProductImages } from './product-images.ts'
import type { ListedProduct, Products } from './products.ts'

type Deps = { readonly products: Products; readonly images: ProductImages; readonly now: () => Date }
type Input = { readonly productId: ProductId; readonly imageId: ImageId }

/** The files of the reserved image are stored. What a repeated request has reserved in vain is given back when its time is over. */
export function addImage({ products, images, now }: Deps) {
  return async ({ productId, imageId }: Input, call: Call): Promise<Done<ListedProduct>> => {
    requirePermission(call, 'products:write')
    return doOnce(call.once, products.findByRequest, () =>
      images.show(
        productId,
        imageId,
        (product, image) => add(product, image, now()),
        traceOf(call),
        call.once,
      ),
    )
  }
}
