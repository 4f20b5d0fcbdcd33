import type { OutboxEvent } from '../../platform/outbox.ts'
import type { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { CategoryId, FamilyId, ImageId, OrderId, ProductId, ShipmentId } from '../domain/ids.ts'
import type { Category } from '../catalogue/domain/category.ts'
import type { Family } from '../catalogue/domain/family.ts'
import type { NewImage } from '../catalogue/domain/images.ts'
import type { Product } from '../catalogue/domain/product.ts'
import type { ReplacementDecision } from '../stock/application/reservations.ts'
import type { Reservation } from '../stock/domain/reservation.ts'
import type { Stock } from '../stock/domain/stock.ts'

export type Movement = {
  readonly productId: ProductId
  readonly orderId: OrderId | undefined
  readonly kind:
    'restock' | 'adjustment' | 'reserve' | 'release' | 'short' | 'return' | 'write-off' | 'replace'
  /** Of movements for an order: of which hold, and which part of them it is. */
  readonly holdNo?: number
  readonly step?: number
  readonly quantity: number
  readonly reason?: string
  readonly idempotencyKey: string | undefined
}

export type ImageRow = {
  readonly productId: ProductId
  readonly state: 'reserved' | 'shown' | 'removed'
  readonly image: NewImage
  readonly createdAt: Date
}

/** The tables, in memory. What a fake writes between two awaits is one transaction. */
export type InventoryTables = {
  readonly products: Map<ProductId, Product>
  /** Deleted ones stay. */
  readonly categories: Map<CategoryId, Category>
  readonly newCategoryId: () => CategoryId
  readonly families: Map<FamilyId, Family>
  readonly images: Map<ImageId, ImageRow>
  /** Of products, categories and images. */
  readonly keys: ReturnType<typeof keysInMemory>
  readonly stock: Map<ProductId, Stock>
  readonly reservations: Map<OrderId, Reservation>
  readonly replacements: Map<ShipmentId, ReplacementDecision>
  readonly movements: Movement[]
  readonly append: (events: readonly OutboxEvent[]) => void
}
