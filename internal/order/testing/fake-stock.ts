import type {
  CreatedOrder,
  HoldSize,
  ReplacementDecision,
  ReturnedGoods,
  Stock,
} from '../application/stock.ts'
import type { OrderId } from '../domain/order.ts'
import type { ShipmentId } from '../domain/parcel.ts'
import type { StockDecision } from '../domain/settle.ts'

type Command = 'reserve' | 'release' | 'replace'

/**
 * An inventory that holds everything unless it is told otherwise. It repeats the decisions that it has made, and
 * remembers the later holds that it was asked for.
 */
export function fakeStock() {
  const decided = new Map<string, StockDecision>()
  const holds: CreatedOrder[] = []
  const faults = new Map<Command, Error>()
  const fail = (what: Command): void => {
    const fault = faults.get(what)
    faults.delete(what)
    if (fault) throw fault
  }
  const keyOf = ({ orderId, holdNo = 1 }: CreatedOrder): string => `${orderId} ${holdNo}`
  const released = new Map<OrderId, HoldSize>()
  const replaced = new Map<ShipmentId, ReplacementDecision>()
  let replacement = (): ReplacementDecision => ({ outcome: 'taken' })
  const booked = new Map<string, ReturnedGoods>()
  const asked: (readonly OrderId[])[] = []
  let decide = ({ orderId }: CreatedOrder): StockDecision => ({ orderId, outcome: 'held' })
  const stock: Stock = {
    async reserve(orders) {
      fail('reserve')
      asked.push(orders.map(({ orderId }) => orderId))
      holds.push(...orders.filter(({ holdNo = 1 }) => holdNo > 1))
      // All decisions are made before any is stored, as in one transaction.
      const decisions = orders.map((order) => decided.get(keyOf(order)) ?? decide(order))
      decisions.forEach((decision, index) => {
        if (!['unknown-product', 'busy'].includes(decision.outcome))
          decided.set(keyOf(orders[index]!), decision)
      })
      return decisions
    },
    async release(orders) {
      fail('release')
      for (const order of orders) released.set(order.orderId, order)
    },
    async bookReturns(returns) {
      for (const goods of returns) booked.set(`${goods.orderId} ${goods.returnNo}`, goods)
    },
    async replace(goods) {
      fail('replace')
      const decision = replaced.get(goods.shipmentId) ?? replacement()
      if (decision.outcome !== 'busy') replaced.set(goods.shipmentId, decision)
      return decision
    },
  }
  return {
    ...{ ...stock, asked, holds, released, booked, replaced },
    replaceWith: (next: typeof replacement) => void (replacement = next),
    decideWith: (next: typeof decide) => void (decide = next),
    failOnce: (what: Command, fault: Error) => void faults.set(what, fault),
  }
}
