import { dead } from './judge-checkouts.ts'
import type { Parts } from './parts.ts'

/** The latest time that a UUIDv7 can hold, which is later than any order. */
const farAway = new Date(2 ** 48 - 1)

/** What of the carts and of the orders that were made of them is still under way, in words. */
export async function unsettledCarts({ setup, stores }: Parts): Promise<readonly string[]> {
  if (!setup.carts) return []
  const untold = await stores.orders.checkouts.untoldSince(farAway, 1_000)
  const locked = stores.carts.all().filter(({ status }) => status === 'locked')
  const orders = await Promise.all(locked.map(({ order }) => stores.orders.find(order?.orderId as never)))
  const orphans = orders.filter((order) => !order || dead.includes(order.status))
  return [
    ...(untold.length > 0 ? [`the carts or first payments of ${untold.length} orders wait`] : []),
    ...(orphans.length > 0 ? [`${orphans.length} carts are locked for no living order`] : []),
  ]
}
