import { requireSystem, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Cart, CartChange, CartId, OrderId } from '../domain/cart.ts'
import { lock, markOrdered, unlock } from '../domain/checkout.ts'
import type { Carts } from './ports.ts'

// What the checkout tells carts. Each may be repeated, and may come late.

type Deps = { readonly carts: Carts; readonly now: () => Date }
type Locked = { readonly cartId: CartId; readonly version: number; readonly orderId: OrderId }

const maxTurns = 20

/** Answers with the cart; its order is that of the first lock of this version. */
export function lockCart(deps: Deps) {
  return ({ cartId, version, orderId }: Locked, call: Call): Promise<Cart> =>
    change(deps, cartId, call, (cart) => lock(cart, version, orderId, deps.now()))
}

export function unlockCart(deps: Deps) {
  return ({ cartId, version, orderId }: Locked, call: Call): Promise<Cart> =>
    change(deps, cartId, call, (cart) => unlock(cart, version, orderId, deps.now()))
}

export function orderCart(deps: Deps) {
  return ({ cartId, orderId }: Omit<Locked, 'version'>, call: Call): Promise<Cart> =>
    change(deps, cartId, call, (cart) => markOrdered(cart, orderId, deps.now()))
}

/** The carts that have been locked for longer than this, for whoever looks what became of their orders. */
export function listLockedCarts({ carts, now }: Deps) {
  return (olderThanSeconds: number, limit: number, call: Call): Promise<readonly Cart[]> => {
    requireSystem(call)
    return carts.lockedSince(new Date(now().getTime() - olderThanSeconds * 1_000), limit)
  }
}

async function change(
  { carts }: Deps,
  id: CartId,
  call: Call,
  decide: (cart: Cart) => CartChange | undefined,
): Promise<Cart> {
  requireSystem(call)
  for (let turn = 0; turn < maxTurns; turn++) {
    const cart = await carts.findById(id)
    if (!cart) throw new Refusal('not-found', 'cart.not-found', 'there is no such cart')
    const decided = decide(cart)
    if (!decided) return cart
    if (await carts.store(decided, traceOf(call))) return decided.state
  }
  throw new Refusal(
    'unavailable',
    'cart.busy',
    'the cart is changed by too many at once; try again in a moment',
  )
}
