import { productBody } from '../routes/product-schemas.ts'
import type { Link } from './part.ts'
import type { Services } from './services.ts'

/** The product of a line, as the catalogue has it now; null when it has been deleted. */
export const productLink = ({ inventory }: Services): Link => ({
  like: 'getProduct',
  none: null,
  keyOf: ({ productId }: { readonly productId: string }) => productId,
  async read(keys, call) {
    const found = new Map<string, unknown>()
    for (let ids = [...keys]; ids.length > 0;) {
      const { products, unreadIds } = await inventory.readProducts({ ids }, call)
      for (const product of products) found.set(product.id, productBody(product))
      ids = [...unreadIds]
    }
    return found
  },
})
