import type { Brand } from '../../platform/brand.ts'
import { parseUuid } from '../../platform/uuid.ts'

export type ProductId = Brand<string, 'ProductId'>
/** The order service's id: here it only names a reservation. */
export type OrderId = Brand<string, 'OrderId'>

export function parseProductId(value: unknown): ProductId {
  return parseUuid(value, 'product.invalid-id', 'a product id') as ProductId
}

export function parseOrderId(value: unknown): OrderId {
  return parseUuid(value, 'stock.invalid-order-id', 'an order id') as OrderId
}
