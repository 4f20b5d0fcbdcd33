import type { StockLevel, StockLevels } from '../stock/application/stock-levels.ts'
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
    async low({ atMost, limit, after }) {
      const isBehind = ({ available, productId }: StockLevel): boolean =>
        after === undefined ||
        available > after.available ||
        (available === after.available && productId > after.productId)
      const found = [...tables.stock.values()]
        .filter(({ productId }) => !tables.products.get(productId)?.deletedAt)
        .map(({ productId, available }) => ({ productId, available }))
        .filter((level) => level.available <= atMost && isBehind(level))
        .sort((a, b) => a.available - b.available || (a.productId < b.productId ? -1 : 1))
      return { levels: found.slice(0, limit), hasMore: found.length > limit }
    },
  }
}
