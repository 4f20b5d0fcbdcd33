import type { OutboxEvent } from '../../platform/outbox.ts'
import type { Products } from '../application/products.ts'
import type { Reservations } from '../application/reservations.ts'
import type { StockLevels } from '../application/stock-levels.ts'
import type { OrderId, ProductId } from '../domain/ids.ts'
import type { Product } from '../domain/product.ts'
import type { Reservation } from '../domain/reservation.ts'
import type { Stock } from '../domain/stock.ts'
import { fakeProducts } from './fake-products.ts'
import { fakeReservations } from './fake-reservations.ts'
import { fakeStockLevels } from './fake-stock-levels.ts'

export type Movement = {
  readonly productId: ProductId
  readonly orderId: OrderId | undefined
  readonly kind: 'restock' | 'adjustment' | 'reserve' | 'release'
  readonly quantity: number
  readonly idempotencyKey: string | undefined
}

/** The tables, in memory. What a fake writes between two awaits is one transaction. */
export type InventoryTables = {
  readonly products: Map<ProductId, Product>
  readonly stock: Map<ProductId, Stock>
  readonly reservations: Map<OrderId, Reservation>
  readonly movements: Movement[]
  readonly append: (events: readonly OutboxEvent[]) => void
}

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
