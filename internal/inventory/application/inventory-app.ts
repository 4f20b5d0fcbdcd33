import type { ProductId } from '../domain/ids.ts'
import { adjustStock } from './adjust-stock.ts'
import { createProduct } from './create-product.ts'
import { deleteProduct } from './delete-product.ts'
import { getProduct } from './get-product.ts'
import { listProducts } from './list-products.ts'
import type { Products } from './products.ts'
import { quoteProducts } from './quote-products.ts'
import { releaseStock } from './release-stock.ts'
import type { Reservations } from './reservations.ts'
import { reserveStock } from './reserve-stock.ts'
import type { StockLevels } from './stock-levels.ts'
import { updateProduct } from './update-product.ts'

export type InventoryDeps = {
  readonly products: Products
  readonly stockLevels: StockLevels
  readonly reservations: Reservations
  readonly newProductId: () => ProductId
  readonly now: () => Date
  readonly currency: string
}

export type InventoryApp = ReturnType<typeof inventoryApp>

/** Everything that can be asked of the inventory. */
export function inventoryApp(deps: InventoryDeps) {
  return {
    createProduct: createProduct(deps),
    updateProduct: updateProduct(deps),
    deleteProduct: deleteProduct(deps),
    getProduct: getProduct(deps),
    listProducts: listProducts(deps),
    quoteProducts: quoteProducts(deps),
    adjustStock: adjustStock(deps),
    reserveStock: reserveStock(deps),
    releaseStock: releaseStock(deps),
  }
}
