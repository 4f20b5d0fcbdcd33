import { traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Closing, OrderStatus } from '../domain/order.ts'
import type { Carts } from './carts.ts'
import { endOrder, type EndDeps } from './end-order.ts'
import type { ToldOrder } from './stock.ts'

type Deps = EndDeps & {
  readonly carts: Pick<Carts, 'find'>
  readonly followUp: (told: readonly ToldOrder[]) => Promise<unknown>
}

const over: readonly OrderStatus[] = ['canceled', 'expired', 'rejected']

/**
 * Gives the caller's locked cart back: its order is canceled with the open payment, unless it turns out to be covered.
 * A cart that is not locked is given back already.
 */
export function reopenCart(deps: Deps) {
  return async (call: Call): Promise<void> => {
    const { lockedFor: orderId, isLocked } = await deps.carts.find(call)
    if (!isLocked || !orderId) return
    // The checkout is under way, or has died; the reaper gives the cart back then.
    if (!(await deps.files.find(orderId))) throw underWay()
    const reason = 'the cart was reopened'
    const closing: Closing = { to: 'canceled', reason, refund: 'unless-covered', since: deps.now() }
    // Whoever has the cart has its order: a guest's order has no user. The request's key is no cancellation's.
    const { once: _, ...asked } = call
    const { status } = await endOrder(deps, orderId, closing, { ...asked, actor: { kind: 'buyer', orderId } })
    if (!over.includes(status))
      throw new Refusal('conflict', `order.${status}`, `the order is ${status} by now`)
    await deps.followUp([{ orderId, trace: traceOf(call) }])
  }
}

const underWay = (): Refusal =>
  new Refusal('unavailable', 'cart.checkout-under-way', 'a checkout has the cart; try again in a moment')
