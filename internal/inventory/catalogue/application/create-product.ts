import { requireAdmin, traceOf, type Call } from '../../../platform/call.ts'
import type { ProductId } from '../../domain/ids.ts'
import { createProduct as create, type NewProduct } from '../domain/product.ts'
import { parseOpeningStock } from '../../stock/domain/stock.ts'
import type { ListedProduct, Products } from './products.ts'

type Deps = {
  readonly products: Products
  readonly newProductId: () => ProductId
  readonly now: () => Date
  readonly currency: string
}

type Input = Omit<NewProduct, 'price'> & { readonly priceMinor: bigint; readonly stock: number }

/** All prices of a shop are in its one currency. */
export function createProduct({ products, newProductId, now, currency }: Deps) {
  return async ({ priceMinor, stock, ...input }: Input, call: Call): Promise<ListedProduct> => {
    requireAdmin(call)
    const change = create(newProductId(), { ...input, price: { minor: priceMinor, currency } }, now())
    return products.add(change, parseOpeningStock(stock), traceOf(call))
  }
}
