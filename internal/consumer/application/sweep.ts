import type { Orders } from './ports.ts'
import type { releaseCanceledOrders } from './release-canceled-orders.ts'
import type { settleCreatedOrders } from './settle-created-orders.ts'

type Deps = {
  readonly orders: Orders
  readonly settle: ReturnType<typeof settleCreatedOrders>
  readonly release: ReturnType<typeof releaseCanceledOrders>
  readonly afterSeconds: number
}

export type Swept = { readonly settled: number; readonly released: number }

/** As large as a batch from the broker. */
const sweepBatch = 200

/** Level-triggered: whatever a message should have brought about and did not is done straight from the database. */
export function sweep({ orders, settle, release, afterSeconds }: Deps) {
  return async (): Promise<Swept> => {
    const overdue = await orders.unsettled(afterSeconds, sweepBatch)
    const unreleased = await orders.unreleased(afterSeconds, sweepBatch)
    // Both are tried: orders that cannot be settled must not keep back the stock of others.
    const results = await Promise.allSettled([
      overdue.length > 0 ? settle(overdue) : undefined,
      unreleased.length > 0 ? release(unreleased) : undefined,
    ])
    for (const result of results) if (result.status === 'rejected') throw result.reason
    return { settled: overdue.length, released: unreleased.length }
  }
}
