import { databaseHealth } from '../../platform/database-health.ts'
import type { Health } from '../../platform/service.ts'
import type { Orders } from '../application/orders.ts'
import { orderStatuses } from '../domain/order.ts'

/** Counting all orders is expensive, so scrapes within this time share one answer. */
const gaugesAgeMs = 5_000

export function orderHealth(checkDatabase: () => Promise<unknown>, orders: Orders, now: () => Date): Health {
  let counted: { readonly at: number; readonly counts: ReturnType<Orders['countByStatus']> } | undefined
  return databaseHealth('order', checkDatabase, async () => {
    const at = now().getTime()
    if (!counted || at - counted.at > gaugesAgeMs) counted = { at, counts: orders.countByStatus() }
    const counts = await counted.counts.catch((err: unknown) => {
      counted = undefined
      throw err
    })
    return orderStatuses.map((status) => ({
      name: 'tillstream_orders',
      help: 'Orders by status',
      labels: [{ name: 'status', value: status }],
      value: String(counts.get(status) ?? 0),
    }))
  })
}
