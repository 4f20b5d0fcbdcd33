import type { CreatedOrder, HoldSize, ReturnedGoods, Stock } from '../application/stock.ts'
import type { OrderId } from '../domain/order.ts'
import type { StockDecision } from '../domain/settle.ts'

/** An inventory that holds everything unless it is told otherwise. It repeats the decisions that it has made. */
export function fakeStock() {
  const decided = new Map<OrderId, StockDecision>()
  const released = new Map<OrderId, HoldSize>()
  const booked = new Map<string, ReturnedGoods>()
  const asked: (readonly OrderId[])[] = []
  let decide = ({ orderId }: CreatedOrder): StockDecision => ({ orderId, outcome: 'held' })
  const stock: Stock = {
    async reserve(orders) {
      asked.push(orders.map(({ orderId }) => orderId))
      // All decisions are made before any is stored, as in one transaction.
      const decisions = orders.map((order) => decided.get(order.orderId) ?? decide(order))
      for (const decision of decisions)
        if (!['unknown-product', 'busy'].includes(decision.outcome)) decided.set(decision.orderId, decision)
      return decisions
    },
    async release(orders) {
      for (const order of orders) released.set(order.orderId, order)
    },
    async bookReturns(returns) {
      for (const goods of returns) booked.set(`${goods.orderId} ${goods.returnNo}`, goods)
    },
  }
  return { ...stock, asked, released, booked, decideWith: (next: typeof decide) => void (decide = next) }
}
