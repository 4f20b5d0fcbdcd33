import { requirePermission, traceOf, type Call } from '../../../platform/call.ts'
import type { ProductId } from '../../domain/ids.ts'
import { updateProduct as update, type ProductPatch } from '../domain/product.ts'
import type { ListedProduct, Products } from './products.ts'

type Deps = { readonly products: Products; readonly now: () => Date }
type Input = {
  readonly id: ProductId
  readonly patch: ProductPatch
  readonly expectedVersion: number | undefined
}

export function updateProduct({ products, now }: Deps) {
  return async ({ id, patch, expectedVersion }: Input, call: Call): Promise<ListedProduct> => {
    requirePermission(call, 'products:write')
    return products.update(id, (product) => update(product, patch, expectedVersion, now()), traceOf(call))
  }
}
