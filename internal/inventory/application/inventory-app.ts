import type { ProductId } from '../domain/ids.ts'
import { bookReturns } from '../stock/application/book-returns.ts'
import { adjustStock } from '../stock/application/adjust-stock.ts'
import { createProduct } from '../catalogue/application/create-product.ts'
import { deleteProduct } from '../catalogue/application/delete-product.ts'
import { getProduct } from '../catalogue/application/get-product.ts'
import { listProducts } from '../catalogue/application/list-products.ts'
import type { Products } from '../catalogue/application/products.ts'
import { quoteProducts } from '../catalogue/application/quote-products.ts'
import { releaseStock } from '../stock/application/release-stock.ts'
import type { Reservations } from '../stock/application/reservations.ts'
import { reserveStock } from '../stock/application/reserve-stock.ts'
import type { StockLevels } from '../stock/application/stock-levels.ts'
import { updateProduct } from '../catalogue/application/update-product.ts'

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
    bookReturns: bookReturns(deps),
  }
}
