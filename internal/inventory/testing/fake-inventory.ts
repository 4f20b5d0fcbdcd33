import type { OutboxEvent } from '../../platform/outbox.ts'
import type { Products } from '../catalogue/application/products.ts'
import type { Reservations } from '../stock/application/reservations.ts'
import type { StockLevels } from '../stock/application/stock-levels.ts'
import { fakeProducts } from './fake-products.ts'
import { fakeReservations } from './fake-reservations.ts'
import { fakeStockLevels } from './fake-stock-levels.ts'
import type { InventoryTables } from './inventory-tables.ts'

export type FakeInventory = {
  readonly products: Products
  readonly stockLevels: StockLevels
  readonly reservations: Reservations
  readonly tables: InventoryTables
}

/** Passes the same contract as the Prisma adapters. `append` takes what they would put into the outbox. */
export function fakeInventory(append: (events: readonly OutboxEvent[]) => void): FakeInventory {
  const tables: InventoryTables = {
    products: new Map(),
    stock: new Map(),
    reservations: new Map(),
    movements: [],
    append,
  }
  return {
    products: fakeProducts(tables),
    stockLevels: fakeStockLevels(tables),
    reservations: fakeReservations(tables),
    tables,
  }
}
