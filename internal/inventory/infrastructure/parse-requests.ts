import type {
  AdjustStockRequestSchema,
  ListProductsRequestSchema,
  ReleaseSchema,
  StockRequestSchema,
  UpdateProductRequestSchema,
} from '../../gen/inventory/v1/inventory_pb.ts'
import type { Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Wire } from '../../platform/wire.ts'
import type { ProductFilter, ProductPosition } from '../catalogue/application/products.ts'
import type { Release, TracedRequest } from '../stock/application/reservations.ts'
import { parseOrderId, parseProductId } from '../domain/ids.ts'
import type { ProductPatch } from '../catalogue/domain/product.ts'
import type { Adjustment } from '../stock/domain/stock.ts'
import { createStockRequest } from '../stock/domain/stock-request.ts'

export function parseMinor(text: string): bigint {
  if (/^-?\d{1,18}$/.test(text)) return BigInt(text)
  throw new Refusal('invalid', 'product.invalid', 'price must be a number of minor units', { field: 'price' })
}

export function parsePatch(request: Wire<typeof UpdateProductRequestSchema>): ProductPatch {
  const { name, category, sku, description, price, priceMinor, images, weightGrams } = request
  return {
    ...{ name, category, sku, description, weightGrams },
    price: price === undefined ? undefined : Number(price),
    priceMinor: priceMinor === undefined ? undefined : parseMinor(priceMinor),
    images: images.replace ? images.urls : undefined,
  }
}

export function parseFilter(request: Wire<typeof ListProductsRequestSchema>): ProductFilter {
  const { category, query, minPriceMinor, maxPriceMinor, inStock } = request
  return {
    ...{ category, query, inStock },
    minPriceMinor: minPriceMinor === undefined ? undefined : parseMinor(minPriceMinor),
    maxPriceMinor: maxPriceMinor === undefined ? undefined : parseMinor(maxPriceMinor),
  }
}

export function parsePosition(request: Wire<typeof ListProductsRequestSchema>): ProductPosition | undefined {
  const { afterKey, afterId } = request
  if (afterKey === undefined || afterId === undefined) return undefined
  return { key: afterKey, id: parseProductId(afterId) }
}

/** The ledger keeps the key that the gateway has made. A gateway of an earlier version makes none. */
export function parseAdjustRequest(
  request: Wire<typeof AdjustStockRequestSchema>,
  { once }: Pick<Call, 'once'>,
): Adjustment {
  const { productId, quantity, reason, idempotencyKey } = request
  return {
    productId: parseProductId(productId),
    quantity,
    reason,
    idempotencyKey: once?.key ?? (idempotencyKey || undefined),
    givenKey: idempotencyKey || undefined,
  }
}

export function parseStockRequest(request: Wire<typeof StockRequestSchema>): TracedRequest {
  const { orderId, lines, cause } = request
  const parsed = lines.map((line) => ({ productId: parseProductId(line.productId), quantity: line.quantity }))
  return { ...createStockRequest(parseOrderId(orderId), parsed), trace: cause }
}

export function parseRelease({ orderId, cause }: Wire<typeof ReleaseSchema>): Release {
  return { orderId: parseOrderId(orderId), trace: cause }
}
