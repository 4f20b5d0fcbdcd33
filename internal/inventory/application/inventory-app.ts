import type { Call } from '../../platform/call.ts'
import type { CategoryId, FamilyId, ImageId, ProductId } from '../domain/ids.ts'
import { bookReturns } from '../stock/application/book-returns.ts'
import { adjustStock } from '../stock/application/adjust-stock.ts'
import type { Categories } from '../catalogue/application/categories.ts'
import type { CatalogueCopies } from '../catalogue/application/catalogue-copies.ts'
import { addImage } from '../catalogue/application/add-image.ts'
import { createProduct } from '../catalogue/application/create-product.ts'
import { deleteImage } from '../catalogue/application/delete-image.ts'
import { deleteProduct } from '../catalogue/application/delete-product.ts'
import { getProduct } from '../catalogue/application/get-product.ts'
import { importProducts } from '../catalogue/application/import-products.ts'
import type { Families } from '../catalogue/application/families.ts'
import { keepCategories } from '../catalogue/application/keep-categories.ts'
import { keepFamilies } from '../catalogue/application/keep-families.ts'
import { listProducts } from '../catalogue/application/list-products.ts'
import type { ProductImages } from '../catalogue/application/product-images.ts'
import type { Products } from '../catalogue/application/products.ts'
import { readProducts } from '../catalogue/application/read-products.ts'
import { quoteProducts } from '../catalogue/application/quote-products.ts'
import { reserveImage } from '../catalogue/application/reserve-image.ts'
import { releaseStock } from '../stock/application/release-stock.ts'
import type { Reservations } from '../stock/application/reservations.ts'
import { replaceGoods } from '../stock/application/replace-goods.ts'
import { reserveStock } from '../stock/application/reserve-stock.ts'
import type { StockLevels } from '../stock/application/stock-levels.ts'
import { updateProduct } from '../catalogue/application/update-product.ts'

export type InventoryDeps = {
  readonly products: Products
  readonly categories: Categories
  readonly families: Families
  readonly copies: CatalogueCopies
  readonly images: ProductImages
  readonly stockLevels: StockLevels
  readonly reservations: Reservations
  readonly newProductId: () => ProductId
  readonly newCategoryId: () => CategoryId
  readonly newFamilyId: () => FamilyId
  readonly newImageId: () => ImageId
  /** What the files of all images may take together. */
  readonly imagesMaxBytes: number
  /** Somebody deletes the files of removed images. */
  readonly wakeRemoval: () => void
  readonly now: () => Date
  readonly currency: string
}

export type InventoryApp = ReturnType<typeof inventoryApp>

/** Everything that can be asked of the inventory. */
export function inventoryApp(deps: InventoryDeps) {
  const adjust = adjustStock(deps)
  const bookCount = (productId: ProductId, quantity: number, call: Call) =>
    adjust({ productId, quantity, reason: 'counted', idempotencyKey: undefined }, call)
  return {
    createProduct: createProduct(deps),
    updateProduct: updateProduct(deps),
    deleteProduct: deleteProduct(deps),
    getProduct: getProduct(deps),
    listProducts: listProducts(deps),
    quoteProducts: quoteProducts(deps),
    readProducts: readProducts(deps),
    ...keepCategories(deps),
    ...keepFamilies(deps),
    copies: deps.copies,
    reserveImage: reserveImage(deps),
    addImage: addImage(deps),
    deleteImage: deleteImage(deps),
    importProducts: importProducts({ ...deps, bookCount }),
    adjustStock: adjust,
    lowStock: deps.stockLevels.low,
    reserveStock: reserveStock(deps),
    releaseStock: releaseStock(deps),
    bookReturns: bookReturns(deps),
    replaceGoods: replaceGoods(deps),
  }
}
