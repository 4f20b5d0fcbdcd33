import { requirePermission, traceOf, type Call } from '../../../platform/call.ts'
import type { ProductId } from '../../domain/ids.ts'
import { deleteProduct as remove } from '../domain/product.ts'
import type { Products } from './products.ts'

type Deps = {
  readonly products: Products
  readonly now: () => Date
  /** Somebody deletes the files of its images. */
  readonly wakeRemoval: () => void
}
type Input = { readonly id: ProductId; readonly expectedVersion: number | undefined }

/** Orders that were placed before may still take its stock. */
export function deleteProduct({ products, now, wakeRemoval }: Deps) {
  return async ({ id, expectedVersion }: Input, call: Call): Promise<void> => {
    requirePermission(call, 'products:write')
    await products.update(id, (product) => remove(product, expectedVersion, now()), traceOf(call))
    wakeRemoval()
  }
}
