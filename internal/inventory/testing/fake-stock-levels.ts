import type { StockLevels } from '../stock/application/stock-levels.ts'
import { productNotFound } from '../domain/product-not-found.ts'
import { encodeStockAdjusted } from '../stock/infrastructure/stock-events.ts'
import type { InventoryTables } from './inventory-tables.ts'

export function fakeStockLevels(tables: InventoryTables): StockLevels {
  return {
    async adjust({ productId, quantity, reason, idempotencyKey }, decide, at, trace) {
      const stock = tables.stock.get(productId)
      if (!stock || tables.products.get(productId)?.deletedAt) throw productNotFound()
      const earlier = tables.movements.find(
        (movement) =>
          idempotencyKey !== undefined &&
          movement.productId === productId &&
          movement.idempotencyKey === idempotencyKey,
      )
      const { state, events } = decide(
        stock,
        earlier && { quantity: earlier.quantity, reason: earlier.reason ?? '' },
      )
      tables.stock.set(productId, state)
      const kind = quantity > 0 ? 'restock' : 'adjustment'
      const movement = { productId, orderId: undefined, kind, quantity, reason, idempotencyKey } as const
      if (!earlier) tables.movements.push(movement)
      tables.append(events.map((event) => encodeStockAdjusted(event, at, trace)))
      return { available: state.available, isReplay: earlier !== undefined }
    },
  }
}
