import type { OutboxEvent } from '../../platform/outbox.ts'
import { newId } from '../../platform/new-id.ts'
import type { Categories } from '../catalogue/application/categories.ts'
import type { Families } from '../catalogue/application/families.ts'
import type { CatalogueCopies } from '../catalogue/application/catalogue-copies.ts'
import type { Products } from '../catalogue/application/products.ts'
import type { Reservations } from '../stock/application/reservations.ts'
import type { StockLevels } from '../stock/application/stock-levels.ts'
import type { CategoryId } from '../domain/ids.ts'
import { fakeCatalogueCopies } from './fake-catalogue-copies.ts'
import { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { ProductImages } from '../catalogue/application/product-images.ts'
import { fakeCategories } from './fake-categories.ts'
import { fakeFamilies } from './fake-families.ts'
import { fakeImages } from './fake-images.ts'
import { fakeProducts } from './fake-products.ts'
import { fakeReservations } from './fake-reservations.ts'
import { fakeStockLevels } from './fake-stock-levels.ts'
import type { InventoryTables } from './inventory-tables.ts'

export type FakeInventory = {
  readonly products: Products
  readonly categories: Categories
  readonly families: Families
  readonly copies: CatalogueCopies
  readonly images: ProductImages
  readonly stockLevels: StockLevels
  readonly reservations: Reservations
  readonly tables: InventoryTables
}

/** Passes the same contract as the Prisma adapters. `append` takes what they would put into the outbox. */
export function fakeInventory(
  append: (events: readonly OutboxEvent[]) => void,
  newCategoryId = () => newId() as CategoryId,
): FakeInventory {
  const tables: InventoryTables = {
    products: new Map(),
    categories: new Map(),
    newCategoryId,
    families: new Map(),
    images: new Map(),
    keys: keysInMemory(),
    stock: new Map(),
    reservations: new Map(),
    replacements: new Map(),
    movements: [],
    append,
  }
  return {
    products: fakeProducts(tables),
    categories: fakeCategories(tables),
    families: fakeFamilies(tables),
    copies: fakeCatalogueCopies(tables),
    images: fakeImages(tables),
    stockLevels: fakeStockLevels(tables),
    reservations: fakeReservations(tables),
    tables,
  }
}
