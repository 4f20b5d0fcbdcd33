import { Refusal } from '../../platform/refusal.ts'
import type { OrderId } from '../domain/order.ts'
import { settle, type StockDecision } from '../domain/settle.ts'
import type { Orders, Update } from './orders.ts'
import type { CreatedOrder, Stock, ToldOrder } from './stock.ts'

type Deps = { readonly stock: Stock; readonly orders: Orders; readonly now: () => Date }

/**
 * Stock is decided first, orders follow; both are idempotent by order id, so a crash between them only repeats.
 * What is reserved follows from the order and not from what the message says of it: whoever can publish could name other
 * lines, an order that is decided, or none of ours. Answers for each order with the refusal of its message: there is no
 * such order, or it cannot be decided now (`unavailable`).
 */
export function settleCreatedOrders({ stock, orders, now }: Deps) {
  return async (told: readonly ToldOrder[]): Promise<readonly (Refusal | undefined)[]> => {
    const known = await orders.recall(told.map(({ orderId }) => orderId))
    const pending = told.flatMap(({ orderId, trace }): CreatedOrder[] => {
      const order = known.get(orderId)
      return order?.status === 'pending' ? [{ orderId, lines: order.lines, trace }] : []
    })
    const decisions = pending.length > 0 ? await stock.reserve(pending) : []
    const byOrder = new Map(pending.map(({ orderId }, index) => [orderId, decisions[index]]))
    await settleAll(orders, pending, byOrder, now())
    return told.map(({ orderId }) =>
      known.has(orderId) ? refusalOf(orderId, byOrder.get(orderId)) : unknownOrder(orderId),
    )
  }
}

const isDecided = ({ outcome }: StockDecision): boolean => outcome !== 'unknown-product' && outcome !== 'busy'

async function settleAll(
  orders: Orders,
  pending: readonly CreatedOrder[],
  decisions: ReadonlyMap<OrderId, StockDecision | undefined>,
  at: Date,
): Promise<void> {
  const updates = pending.flatMap(({ orderId: id, trace }): Update[] => {
    const decision = decisions.get(id)
    if (!decision || !isDecided(decision)) return []
    return [{ id, trace, decide: (order) => settle(order, decision, at) }]
  })
  if (updates.length > 0) await orders.update(updates)
}

function refusalOf(orderId: OrderId, decision: StockDecision | undefined): Refusal | undefined {
  if (decision?.outcome === 'unknown-product') {
    return new Refusal(
      'invalid',
      'message.unknown-product',
      `order ${orderId} names a product that does not exist`,
    )
  }
  if (decision?.outcome === 'busy') {
    return new Refusal(
      'unavailable',
      'stock.busy',
      `the stock for order ${orderId} is in use; try again in a moment`,
    )
  }
  return undefined
}

export const unknownOrder = (orderId: OrderId): Refusal =>
  new Refusal('invalid', 'message.unknown-order', `there is no order ${orderId}`)
