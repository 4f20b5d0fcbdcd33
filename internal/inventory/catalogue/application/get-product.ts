import type { ProductId } from '../../domain/ids.ts'
import { productNotFound } from '../../domain/product-not-found.ts'
import type { ListedProduct, Products } from './products.ts'

export function getProduct({ products }: { readonly products: Products }) {
  return async (id: ProductId): Promise<ListedProduct> => {
    const found = (await products.find([id])).get(id)
    if (!found) throw productNotFound()
    return found
  }
}
