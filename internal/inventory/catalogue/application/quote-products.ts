import type { ProductId } from '../../domain/ids.ts'
import type { Products, Quote } from './products.ts'

/** In the order asked for, each product once; unknown and deleted ones are left out. */
export function quoteProducts({ products }: { readonly products: Products }) {
  return async (ids: readonly ProductId[], withImages = false): Promise<readonly Quote[]> => {
    const quotes = await products.quote(ids, withImages)
    return [...new Set(ids)].flatMap((id) => quotes.get(id) ?? [])
  }
}
