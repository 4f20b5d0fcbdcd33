import type { OrderId, ProductId } from '../../domain/ids.ts'

export type StockLine = { readonly productId: ProductId; readonly quantity: number }
/** Each product at most once; quantities above 0. */
export type StockRequest = { readonly orderId: OrderId; readonly lines: readonly StockLine[] }
export type Shortage = {
  readonly productId: ProductId
  readonly requested: number
  readonly available: number
}

/** What a request is answered, now and, unless it is busy, whenever it is repeated. */
export type StockDecision =
  /** released: it was decided before and has been released since, or a release was here first. */
  | { readonly orderId: OrderId; readonly outcome: 'held' | 'released' | 'unknown-product' }
  | { readonly orderId: OrderId; readonly outcome: 'rejected'; readonly shortages: readonly Shortage[] }
  /** Not decided: its stock is locked by somebody else. The one answer that another request may change. */
  | { readonly orderId: OrderId; readonly outcome: 'busy' }

/** A decision as it is made. A request that names an unknown product is not decided at all. */
export type NewDecision =
  | { readonly orderId: OrderId; readonly outcome: 'held'; readonly lines: readonly StockLine[] }
  | { readonly orderId: OrderId; readonly outcome: 'rejected'; readonly shortages: readonly Shortage[] }
  | { readonly orderId: OrderId; readonly outcome: 'unknown-product' }

/** Without what was decided inside. */
export function answerOf(decision: NewDecision): StockDecision {
  const { orderId, outcome } = decision
  return outcome === 'rejected' ? { orderId, outcome, shortages: decision.shortages } : { orderId, outcome }
}

export type Allocation = {
  /** What is left of each product. */
  readonly left: ReadonlyMap<ProductId, number>
  /** One per request, in the same order. */
  readonly decisions: readonly NewDecision[]
}

/** The rule that says who gets the stock: of what is there and who asks, in the order of their asking. */
export type Allocate = (
  available: ReadonlyMap<ProductId, number>,
  requests: readonly StockRequest[],
) => Allocation

/** All or nothing per request, in the order given; what one request takes is gone for the next. */
export const allocate: Allocate = (available, requests) => {
  const left = new Map(available)
  return { left, decisions: requests.map((request) => decide(left, request)) }
}

function decide(left: Map<ProductId, number>, { orderId, lines }: StockRequest): NewDecision {
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

/**
 * The requests that have to wait while some products are locked: those that name one, and each later one that shares any product
 * with a request that waits. What comes first is served first.
 */
export function putOff(
  requests: readonly StockRequest[],
  lockedOut: ReadonlySet<ProductId>,
): ReadonlySet<OrderId> {
  const awaited = new Set(lockedOut)
  const waiting = new Set<OrderId>()
  for (const { orderId, lines } of requests) {
    if (!lines.some(({ productId }) => awaited.has(productId))) continue
    waiting.add(orderId)
    for (const { productId } of lines) awaited.add(productId)
  }
  return waiting
}
