import { Refusal } from '../../platform/refusal.ts'
import type { OrderId } from '../domain/order.ts'
import { settle, type StockDecision } from '../domain/settle.ts'
import type { Orders } from './orders.ts'
import type { CreatedOrder, Stock } from './stock.ts'

type Deps = { readonly stock: Stock; readonly orders: Orders; readonly now: () => Date }

/**
 * Stock is decided first, orders follow; both are idempotent by order id, so a crash between them only repeats.
 * Answers for each order with the refusal of its message: it is no order of ours, or it cannot be decided now (`unavailable`).
 */
export function settleCreatedOrders({ stock, orders, now }: Deps) {
  return async (created: readonly CreatedOrder[]): Promise<readonly (Refusal | undefined)[]> => {
    const decisions = await stock.reserve(created)
    const decided = created.flatMap((order, index) => {
      const decision = decisions[index]
      return decision && isDecided(decision) ? [{ ...order, decision }] : []
    })
    const unknown = await settleAll(orders, decided, now())
    // An order that does not exist will never be confirmed or canceled, so its hold is released here.
    if (unknown.length > 0) await stock.release(unknown)
    const unknownIds = new Set(unknown.map(({ orderId }) => orderId))
    return created.map(({ orderId }, index) => refusalOf(orderId, decisions[index], unknownIds))
  }
}

const isDecided = ({ outcome }: StockDecision): boolean => outcome !== 'unknown-product' && outcome !== 'busy'

type Decided = CreatedOrder & { readonly decision: StockDecision }

/** Returns the ids of the orders that do not exist. */
async function settleAll(orders: Orders, decided: readonly Decided[], at: Date): Promise<readonly Decided[]> {
  if (decided.length === 0) return []
  const settled = await orders.update(
    decided.map(({ orderId, decision, trace }) => ({
      id: orderId,
      trace,
      decide: (order) => settle(order, decision, at),
    })),
  )
  return decided.filter((_, index) => !settled[index])
}

function refusalOf(
  orderId: OrderId,
  decision: StockDecision | undefined,
  unknown: ReadonlySet<OrderId>,
): Refusal | undefined {
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
  if (unknown.has(orderId))
    return new Refusal('invalid', 'message.unknown-order', `there is no order ${orderId}`)
  return undefined
}
