import { Refusal } from '../../../platform/refusal.ts'
import type { ProductId } from '../../domain/ids.ts'
import type { ListedProduct, Products } from './products.ts'

/** As many as a caller may ask for at once. */
const maxIds = 100

/** In the order asked for, each product once; unknown and deleted ones are left out. */
export function readProducts({ products }: { readonly products: Products }) {
  return async (ids: readonly ProductId[]): Promise<readonly ListedProduct[]> => {
    if (ids.length > maxIds)
      throw new Refusal('invalid', 'products.invalid-filter', `at most ${maxIds} products are read at once`)
    const found = await products.find(ids)
    return [...new Set(ids)].flatMap((id) => found.get(id) ?? [])
  }
}
