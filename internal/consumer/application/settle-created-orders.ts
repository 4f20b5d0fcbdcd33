import { Refusal } from '../../platform/refusal.ts'
import type { CreatedOrder, OrderId } from '../domain/created-order.ts'
import type { Decision, Inventory, Orders, Settlement } from './ports.ts'

type Deps = { readonly inventory: Inventory; readonly orders: Orders }

/**
 * Stock is decided first, orders follow; both are idempotent by order id, so a crash between them only repeats.
 * Answers for each order with the refusal of its message, if it is no order of ours.
 */
export function settleCreatedOrders({ inventory, orders }: Deps) {
  return async (created: readonly CreatedOrder[]): Promise<readonly (Refusal | undefined)[]> => {
    const decisions = await inventory.reserve(created)
    const settlements = created.flatMap((order, index) => settlementOf(order, decisions[index]))
    const unknown = new Set(settlements.length > 0 ? await orders.settle(settlements) : [])
    // Nobody will ever confirm or cancel an order that does not exist: what was held for it goes back.
    if (unknown.size > 0) await inventory.release([...unknown])
    return created.map(({ orderId }, index) => refusalOf(orderId, decisions[index], unknown))
  }
}

function settlementOf(
  { orderId, trace }: CreatedOrder,
  decision: Decision | undefined,
): readonly Settlement[] {
  switch (decision?.outcome) {
    case 'held':
      return [{ orderId, outcome: 'confirmed', reason: '', trace }]
    case 'rejected':
      return [{ orderId, outcome: 'rejected', reason: shortageText(decision), trace }]
    case 'released': // it was canceled first, and then this settles nothing
      return [{ orderId, outcome: 'rejected', reason: 'the stock was released', trace }]
    case 'unknown-product':
    case undefined:
      return []
  }
}

function shortageText({ shortages }: Decision): string {
  const shown = shortages
    .slice(0, 3)
    .map((short) => `${short.productId} (${short.requested} wanted, ${short.available} there)`)
  const more = shortages.length > shown.length ? ` and ${shortages.length - shown.length} more` : ''
  return `out of stock: ${shown.join(', ')}${more}`
}

function refusalOf(
  orderId: OrderId,
  decision: Decision | undefined,
  unknown: ReadonlySet<OrderId>,
): Refusal | undefined {
  if (decision?.outcome === 'unknown-product') {
    return new Refusal(
      'invalid',
      'message.unknown-product',
      `order ${orderId} names a product that does not exist`,
    )
  }
  if (unknown.has(orderId))
    return new Refusal('invalid', 'message.unknown-order', `there is no order ${orderId}`)
  return undefined
}
