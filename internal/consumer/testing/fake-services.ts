import type { Decision, Inventory, Orders, Settlement } from '../application/ports.ts'
import type { CreatedOrder, OrderId } from '../domain/created-order.ts'

/** An inventory that holds everything, unless told otherwise; it knows what it has decided. */
export function fakeInventory() {
  const decided = new Map<OrderId, Decision>()
  const released = new Set<OrderId>()
  const asked: (readonly OrderId[])[] = []
  let decide = ({ orderId }: CreatedOrder): Decision => ({ orderId, outcome: 'held', shortages: [] })
  const inventory: Inventory = {
    async reserve(orders) {
      asked.push(orders.map(({ orderId }) => orderId))
      // All are decided before any is stored, as in one transaction.
      const decisions = orders.map((order) => decided.get(order.orderId) ?? decide(order))
      for (const decision of decisions) decided.set(decision.orderId, decision)
      return decisions
    },
    async release(ids) {
      for (const id of ids) released.add(id)
    },
  }
  return {
    ...inventory,
    asked,
    released,
    decideWith: (next: typeof decide) => void (decide = next),
  }
}

/** Orders that exist, unless they are said not to. */
export function fakeOrders() {
  const settled = new Map<OrderId, Settlement>()
  const unknown = new Set<OrderId>()
  const marked = new Set<OrderId>()
  let overdue: readonly CreatedOrder[] = []
  let canceled: readonly OrderId[] = []
  const orders: Orders = {
    async settle(settlements) {
      for (const settlement of settlements) {
        const { orderId } = settlement
        if (!unknown.has(orderId) && !settled.has(orderId)) settled.set(orderId, settlement)
      }
      return settlements.map(({ orderId }) => orderId).filter((id) => unknown.has(id))
    },
    unsettled: async (_olderThanSeconds, limit) =>
      overdue.filter(({ orderId }) => !settled.has(orderId)).slice(0, limit),
    unreleased: async (_olderThanSeconds, limit) => canceled.filter((id) => !marked.has(id)).slice(0, limit),
    async markReleased(ids) {
      for (const id of ids) marked.add(id)
    },
  }
  return {
    ...orders,
    settled,
    unknown,
    marked,
    setOverdue: (next: typeof overdue) => void (overdue = next),
    setCanceled: (next: typeof canceled) => void (canceled = next),
  }
}
