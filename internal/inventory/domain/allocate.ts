import type { OrderId, ProductId } from './ids.ts'

export type StockLine = { readonly productId: ProductId; readonly quantity: number }
/** Each product at most once; quantities above 0. */
export type StockRequest = { readonly orderId: OrderId; readonly lines: readonly StockLine[] }
export type Shortage = {
  readonly productId: ProductId
  readonly requested: number
  readonly available: number
}

export type Decision =
  | { readonly orderId: OrderId; readonly outcome: 'held'; readonly lines: readonly StockLine[] }
  | { readonly orderId: OrderId; readonly outcome: 'rejected'; readonly shortages: readonly Shortage[] }
  | { readonly orderId: OrderId; readonly outcome: 'unknown-product' }

export type Allocation = {
  /** What is left of each product. */
  readonly left: ReadonlyMap<ProductId, number>
  /** One per request, in the same order. */
  readonly decisions: readonly Decision[]
}

/** All or nothing per request, in the order given; what one request takes is gone for the next. */
export function allocate(
  available: ReadonlyMap<ProductId, number>,
  requests: readonly StockRequest[],
): Allocation {
  const left = new Map(available)
  return { left, decisions: requests.map((request) => decide(left, request)) }
}

function decide(left: Map<ProductId, number>, { orderId, lines }: StockRequest): Decision {
  const shortages: Shortage[] = []
  for (const { productId, quantity } of lines) {
    const units = left.get(productId)
    if (units === undefined) return { orderId, outcome: 'unknown-product' }
    if (units < quantity) shortages.push({ productId, requested: quantity, available: units })
  }
  if (shortages.length > 0) return { orderId, outcome: 'rejected', shortages }
  for (const { productId, quantity } of lines) left.set(productId, (left.get(productId) ?? 0) - quantity)
  return { orderId, outcome: 'held', lines }
}
