import { requirePermission, traceOf, type Call } from '../../../platform/call.ts'
import { doOnce, type Done } from '../../../platform/do-once.ts'
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
  return async ({ priceMinor, stock, ...input }: Input, call: Call): Promise<Done<ListedProduct>> => {
    requirePermission(call, 'products:write')
    const change = create(newProductId(), { ...input, price: { minor: priceMinor, currency } }, now())
    const openingStock = parseOpeningStock(stock)
    return doOnce(call.once, products.findByRequest, () =>
      products.add(change, openingStock, traceOf(call), call.once),
    )
  }
}
