import type { Trace } from '../../platform/call.ts'
import { someAtOnce } from '../../platform/some-at-once.ts'
import type { OrderStatus } from '../domain/order.ts'
import type { Carts, LockedCart } from './carts.ts'
import type { Checkouts } from './checkouts.ts'

type Deps = { readonly carts: Carts; readonly checkouts: Checkouts }

/** A checkout takes a moment between its lock and its order. */
const lockedForSeconds = 60
/** Most of what is found waits for its payment and is left alone. */
const found = 1_000
const atOnce = 50

/**
 * Gives back carts whose checkout has died between its lock and its order. First no order may come any more: whoever is
 * slow, and not dead, finds that out. Returns how many were given back.
 */
export function reapLocks({ carts, checkouts }: Deps) {
  return async (): Promise<number> => {
    const locked = await carts.lockedFor(lockedForSeconds, found)
    const statuses = await checkouts.takeBack(locked)
    const orphans = locked.filter((_, index) => isOver(statuses[index]))
    await someAtOnce(orphans, atOnce, (cart) => carts.unlock(cart, traceOf(cart)))
    return orphans.length
  }
}

const isOver = (status: OrderStatus | undefined): boolean =>
  status === undefined || status === 'rejected' || status === 'canceled' || status === 'expired'

const traceOf = ({ orderId }: LockedCart): Trace => ({
  correlationId: orderId,
  causationId: '',
  traceparent: '',
})
