import type { Delivered } from '../../platform/reaction.ts'
import { reactToAny, type React } from '../../platform/reaction.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { IndexProducts } from '../application/index-products.ts'
import { parseProductId, type ProductId } from '../domain/document.ts'

/** An event only tells which product to read anew. */
export const reactToProducts = (indexProducts: IndexProducts): React =>
  reactToAny(productIn, async (ids) => {
    await indexProducts(ids)
    return ids.map(() => undefined)
  })

/** Of product.created and product.updated, or of product.deleted. */
function productIn({ data }: Delivered): ProductId {
  const { product, productId } = data as {
    readonly product?: { readonly id?: unknown }
    readonly productId?: unknown
  }
  const id = product?.id ?? productId
  if (id === undefined) throw new Refusal('invalid', 'message.invalid', 'the event names no product')
  return parseProductId(id)
}
