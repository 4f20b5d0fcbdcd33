import { Refusal } from '../../../platform/refusal.ts'
import type { StockLine, StockRequest } from './allocate.ts'
import type { OrderId, ProductId } from '../../domain/ids.ts'

/** PostgreSQL's int4. */
const maxQuantity = 2_147_483_647

/** Lines of one product become one. */
export function createStockRequest(orderId: OrderId, lines: readonly StockLine[]): StockRequest {
  if (lines.length === 0) throw invalid(orderId, 'an order without lines reserves nothing')
  const merged = new Map<ProductId, number>()
  for (const { productId, quantity } of lines) {
    const total = (merged.get(productId) ?? 0) + quantity
    if (!Number.isInteger(quantity) || quantity <= 0 || total > maxQuantity)
      throw invalid(orderId, `quantity must be a whole number from 1 to ${maxQuantity}`)
    merged.set(productId, total)
  }
  if (merged.size === lines.length) return { orderId, lines }
  return { orderId, lines: [...merged].map(([productId, quantity]) => ({ productId, quantity })) }
}

function invalid(orderId: OrderId, message: string): Refusal {
  return new Refusal('invalid', 'stock.invalid-request', message, { orderId })
}
