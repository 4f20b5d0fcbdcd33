import { Refusal } from '../../platform/refusal.ts'
import type { Order, OrderId } from '../domain/order.ts'
import { settle, type StockDecision } from '../domain/settle.ts'
import type { Orders, Update } from './orders.ts'
import type { Prices } from './prices.ts'
import type { CreatedOrder, Stock, ToldOrder } from './stock.ts'

type Deps = {
  readonly stock: Stock
  readonly prices: Pick<Prices, 'reserve'>
  readonly orders: Orders
  readonly now: () => Date
}

/**
 * Stock is decided first, then promotions, and orders follow; all are idempotent by order id, so a crash between them only repeats.
 * What is reserved follows from the order and not from what the message says of it: whoever can publish could name other
 * lines, an order that is decided, or none of ours. Answers for each order with the refusal of its message: there is no
 * such order, or it cannot be decided now (`unavailable`).
 */
export function settleCreatedOrders({ stock, prices, orders, now }: Deps) {
  return async (told: readonly ToldOrder[]): Promise<readonly (Refusal | undefined)[]> => {
    const known = await orders.recall(told.map(({ orderId }) => orderId))
    const pending = told.flatMap(({ orderId, trace }): CreatedOrder[] => {
      const order = known.get(orderId)
      return order?.status === 'pending' ? [{ orderId, lines: order.lines, trace }] : []
    })
    const decisions = pending.length > 0 ? await stock.reserve(pending) : []
    const byOrder = new Map(pending.map(({ orderId }, index) => [orderId, decisions[index]]))
    const refused = await reservePromotions(prices, pending, byOrder, known)
    await settleAll(orders, pending, byOrder, refused, now())
    return told.map(({ orderId }) =>
      known.has(orderId) ? refusalOf(orderId, byOrder.get(orderId)) : unknownOrder(orderId),
    )
  }
}

const isDecided = ({ outcome }: StockDecision): boolean => outcome !== 'unknown-product' && outcome !== 'busy'

/** Promotions are held once stock is. Why those of an order are not, by order. */
async function reservePromotions(
  prices: Pick<Prices, 'reserve'>,
  pending: readonly CreatedOrder[],
  decisions: ReadonlyMap<OrderId, StockDecision | undefined>,
  known: ReadonlyMap<OrderId, Order>,
): Promise<ReadonlyMap<OrderId, string | undefined>> {
  const wanted = pending.flatMap(({ orderId, trace }) => {
    const { promotions = [], customerKey = '' } = known.get(orderId)?.terms ?? {}
    if (promotions.length === 0 || decisions.get(orderId)?.outcome !== 'held') return []
    return [{ orderId, holdNo: 1, trace, customerKey, promotionIds: promotions.map(({ id }) => id) }]
  })
  const refused = wanted.length > 0 ? await prices.reserve(wanted) : []
  return new Map(wanted.map(({ orderId }, index) => [orderId, refused[index]]))
}

async function settleAll(
  orders: Orders,
  pending: readonly CreatedOrder[],
  decisions: ReadonlyMap<OrderId, StockDecision | undefined>,
  refused: ReadonlyMap<OrderId, string | undefined>,
  at: Date,
): Promise<void> {
  const updates = pending.flatMap(({ orderId: id, trace }): Update[] => {
    const decision = decisions.get(id)
    if (!decision || !isDecided(decision)) return []
    return [{ id, trace, decide: (order) => settle(order, decision, at, refused.get(id)) }]
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
