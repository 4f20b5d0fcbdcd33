import { traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Closing, OrderId } from '../domain/order.ts'
import type { Carts } from './carts.ts'
import { endOrder, type EndDeps } from './end-order.ts'
import type { ToldOrder } from './stock.ts'

type Deps = EndDeps & {
  readonly carts: Pick<Carts, 'find' | 'unlock'>
  readonly followUp: (told: readonly ToldOrder[]) => Promise<unknown>
}

/**
 * Gives the caller's locked cart back: its order is canceled with the open payment, unless it turns out to be covered.
 * A cart that is not locked is given back already.
 */
export function reopenCart(deps: Deps) {
  return async (call: Call): Promise<void> => {
    const cart = await deps.carts.find(call)
    if (!cart.isLocked || !cart.id || !cart.lockedFor || cart.lockedVersion === undefined) return
    const trace = traceOf(call)
    const order = await canceled(deps, cart.lockedFor, call)
    if (order === 'none') {
      // Its checkout is under way, or has died; the reaper gives the cart back then.
      throw new Refusal(
        'unavailable',
        'cart.checkout-under-way',
        'a checkout has the cart; try again in a moment',
      )
    }
    await deps.followUp([{ orderId: cart.lockedFor, trace }])
  }
}

async function canceled(deps: Deps, id: OrderId, call: Call): Promise<'canceled' | 'none'> {
  const found = await deps.files.find(id)
  if (!found) return 'none'
  const closing: Closing = {
    to: 'canceled',
    reason: 'the cart was reopened',
    refund: 'unless-covered',
    since: deps.now(),
  }
  // Whoever has the cart has its order: the gateway has checked that, and a guest's order has no user.
  const { once: _, ...asked } = call
  const order = await endOrder(deps, id, closing, { ...asked, actor: { kind: 'buyer', orderId: id } })
  if (order.status === 'canceled' || order.status === 'expired' || order.status === 'rejected')
    return 'canceled'
  throw new Refusal('conflict', `order.${order.status}`, `the order is ${order.status} by now`)
}
