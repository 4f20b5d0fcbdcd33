import { confirm, pay, reject, type Order, type OrderChange, type OrderId, type ProductId } from './order.ts'

/** The inventory's decision about the stock of an order. */
export type StockDecision =
  /**
   * unknown-product: nothing is decided, and never will be. released: its stock was held once, or a release came first.
   * busy: nothing is decided yet, because somebody else has locked the stock.
   */
  | { readonly orderId: OrderId; readonly outcome: 'held' | 'released' | 'unknown-product' | 'busy' }
  | { readonly orderId: OrderId; readonly outcome: 'rejected'; readonly shortages: readonly Shortage[] }

export type Shortage = {
  readonly productId: ProductId
  readonly requested: number
  readonly available: number
}

/** The pricing's decision about the promotions of an order: undefined when they are held, else why they are not. */
export type PromotionRefusal = string | undefined

/**
 * Returns undefined when there is nothing to do, because decisions may be repeated: after a crash, late after a
 * cancellation, or by the sweep.
 */
export function settle(
  order: Order,
  decision: StockDecision,
  at: Date,
  refusal?: PromotionRefusal,
): OrderChange | undefined {
  switch (order.status) {
    case 'pending':
      return settlePending(order, decision, at, refusal)
    case 'canceled': // its own release gives back what the late reservation holds
    case 'confirmed':
    case 'rejected':
    case 'paid':
    case 'shipped':
    case 'completed':
    case 'expired':
      return undefined
  }
}

function settlePending(
  order: Order,
  decision: StockDecision,
  at: Date,
  refusal: PromotionRefusal,
): OrderChange | undefined {
  switch (decision.outcome) {
    case 'held':
      return refusal === undefined
        ? confirmWhole(order, at)
        : reject({ ...order, awaitingRelease: true }, refusal, at)
    case 'rejected':
      return reject(order, shortageText(decision.shortages), at)
    case 'released':
      return reject(order, 'the stock was released', at)
    case 'unknown-product':
    case 'busy':
      return undefined
  }
}

/** What costs nothing is covered at once. */
function confirmWhole(order: Order, at: Date): OrderChange {
  const confirmed = confirm(order, at)
  if (!order.terms || order.totalMinor > 0n) return confirmed
  const paid = pay(confirmed.state, at)
  return { state: paid.state, events: [...confirmed.events, ...paid.events] }
}

function shortageText(shortages: readonly Shortage[]): string {
  const shown = shortages
    .slice(0, 3)
    .map((short) => `${short.productId} (${short.requested} wanted, ${short.available} there)`)
  const more = shortages.length > shown.length ? ` and ${shortages.length - shown.length} more` : ''
  return `out of stock: ${shown.join(', ')}${more}`
}
