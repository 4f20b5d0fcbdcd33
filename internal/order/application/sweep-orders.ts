import { requireSystem, type Call } from '../../platform/call.ts'
import type { Order, OrderId } from '../domain/order.ts'
import type { Orders } from './orders.ts'

type Deps = { readonly orders: Orders; readonly now: () => Date }
type Stuck = { readonly olderThanSeconds: number; readonly limit: number }

/** Orders whose decision is overdue, for the sweeper. */
export function listUnsettled({ orders, now }: Deps) {
  return async ({ olderThanSeconds, limit }: Stuck, call: Call): Promise<readonly Order[]> => {
    requireSystem(call)
    return orders.pendingSince(secondsBefore(now(), olderThanSeconds), limit)
  }
}

/** Canceled orders whose release is overdue, for the sweeper. */
export function listUnreleased({ orders, now }: Deps) {
  return async ({ olderThanSeconds, limit }: Stuck, call: Call): Promise<readonly OrderId[]> => {
    requireSystem(call)
    return orders.unreleasedSince(secondsBefore(now(), olderThanSeconds), limit)
  }
}

/** The inventory has given the stock back. Idempotent. */
export function markReleased({ orders }: Pick<Deps, 'orders'>) {
  return async (ids: readonly OrderId[], call: Call): Promise<void> => {
    requireSystem(call)
    await orders.markReleased(ids)
  }
}

const secondsBefore = (at: Date, seconds: number): Date => new Date(at.getTime() - seconds * 1_000)
