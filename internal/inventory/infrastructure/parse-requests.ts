import type {
  AdjustStockRequestSchema,
  ListProductsRequestSchema,
  ReleaseSchema,
  ReplaceGoodsRequestSchema,
  ReturnedGoodsSchema,
  StockRequestSchema,
  UpdateProductRequestSchema,
} from '../../gen/inventory/v1/inventory_pb.ts'
import type { Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Wire } from '../../platform/wire.ts'
import type { ProductFilter, ProductPosition } from '../catalogue/application/products.ts'
import type { Release, Replacement, ReturnedGoods, TracedRequest } from '../stock/application/reservations.ts'
import {
  parseFamilyId,
  parseOrderId,
  parseProductId,
  parseShipmentId,
  type ProductId,
} from '../domain/ids.ts'
import type { StockLine } from '../stock/domain/allocate.ts'
import type { ReturnedLine } from '../stock/domain/reservation.ts'
import type { ProductPatch } from '../catalogue/domain/product.ts'
import type { Adjustment } from '../stock/domain/stock.ts'
import { createStockRequest } from '../stock/domain/stock-request.ts'

export function parseMinor(text: string): bigint {
  if (/^-?\d{1,18}$/.test(text)) return BigInt(text)
  throw new Refusal('invalid', 'product.invalid', 'price must be a number of minor units', { field: 'price' })
}

export function parsePatch(request: Wire<typeof UpdateProductRequestSchema>): ProductPatch {
  const { name, category, sku, description, price, priceMinor, images, weightGrams } = request
  const { attributes } = request as Partial<typeof request> // a gateway of an earlier version leaves them out
  const { familyId } = request
  const joined = familyId === undefined ? undefined : parseFamilyId(familyId)
  return {
    ...{ name, category, sku, description, weightGrams },
    price: price === undefined ? undefined : Number(price),
    priceMinor: priceMinor === undefined ? undefined : parseMinor(priceMinor),
    images: images.replace ? images.urls : undefined,
    attributes: attributes?.replace ? attributes.values : undefined,
    familyId: request.leavesFamily ? null : joined,
    options: request.options,
  }
}

export function parseFilter(request: Wire<typeof ListProductsRequestSchema>): ProductFilter {
  const { category, query, minPriceMinor, maxPriceMinor, priceCurrency, inStock } = request
  return {
    ...{ category, query, priceCurrency, inStock },
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
  const { orderId, lines, cause, holdNo } = request
  const parsed = lines.map((line) => ({ productId: parseProductId(line.productId), quantity: line.quantity }))
  const wanted = createStockRequest(parseOrderId(orderId), parsed)
  return { orderId: wanted.orderId, lines: wanted.lines, holdNo: parseHoldNo(orderId, holdNo), trace: cause }
}

/** The column is an int2. 0 and nothing stand for the first. */
function parseHoldNo(orderId: string, holdNo = 1): number {
  if (Number.isInteger(holdNo) && holdNo >= 0 && holdNo <= 32_767) return Math.max(1, holdNo)
  throw new Refusal('invalid', 'stock.invalid-request', 'an order has holds from 1 to 32767', { orderId })
}

/** An order service of an earlier version says only which order: then all of it goes back. */
export function parseRelease(request: Wire<typeof ReleaseSchema>): Release {
  const { orderId } = request
  const { kept = [], short = [], goesOn = false, holdNo = 0 } = request as Partial<typeof request> // it leaves them out
  return {
    orderId: parseOrderId(orderId),
    holdNo: parseHoldNo(orderId, holdNo),
    kept: parseLines(orderId, kept),
    short: parseLines(orderId, short),
    goesOn,
    trace: request.cause,
  }
}

function parseLines(orderId: string, lines: Wire<typeof StockRequestSchema>['lines']): readonly StockLine[] {
  if (lines.length === 0) return []
  const parsed = lines.map((line) => ({ productId: parseProductId(line.productId), quantity: line.quantity }))
  return createStockRequest(parseOrderId(orderId), parsed).lines
}

export function parseReturnedGoods(request: Wire<typeof ReturnedGoodsSchema>): ReturnedGoods {
  const { orderId, returnNo, lines, cause } = request
  const isCount = (units: number): boolean =>
    Number.isSafeInteger(units) && units >= 0 && units <= maxReturned
  const units = new Map<ProductId, ReturnedLine>()
  for (const line of lines) {
    if (!isCount(line.resellable) || !isCount(line.damaged))
      throw new Refusal('invalid', 'stock.invalid-request', 'units are whole numbers from 0', { orderId })
    const productId = parseProductId(line.productId)
    const { resellable = 0, damaged = 0 } = units.get(productId) ?? {}
    units.set(productId, {
      productId,
      resellable: resellable + line.resellable,
      damaged: damaged + line.damaged,
    })
  }
  return { orderId: parseOrderId(orderId), returnNo, lines: [...units.values()], trace: cause }
}

export function parseReplacement(request: Wire<typeof ReplaceGoodsRequestSchema>): Replacement {
  const { orderId, shipmentId, lines, cause } = request
  const parsed = lines.map((line) => ({ productId: parseProductId(line.productId), quantity: line.quantity }))
  const wanted = createStockRequest(parseOrderId(orderId), parsed)
  return { ...wanted, shipmentId: parseShipmentId(shipmentId), trace: cause }
}

/** Ten times the largest line of an order. */
const maxReturned = 1_000_000
