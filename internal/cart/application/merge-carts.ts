import { requireUser, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { emptyCart, type Cart, type CartId, type LineId, type UserId } from '../domain/cart.ts'
import { merge } from '../domain/merge.ts'
import type { InTurn } from './in-turn.ts'
import type { Carts } from './ports.ts'

type Deps = {
  readonly carts: Carts
  readonly inTurn: InTurn
  readonly newCartId: () => CartId
  readonly newLineId: () => LineId
  readonly now: () => Date
}

const maxTurns = 20

/**
 * A guest has logged in: what the guest's cart holds joins the user's. Whoever calls has checked the guest's token. It can
 * be repeated: a cart that has been merged has nothing more to give. Returns whether there was something to merge.
 */
export function mergeCarts({ carts, inTurn, newCartId, newLineId, now }: Deps) {
  return async (guestCartId: CartId, call: Call): Promise<boolean> => {
    const userId = requireUser(call).userId as UserId
    return inTurn(userId, async () => {
      for (let turn = 0; turn < maxTurns; turn++) {
        const guest = await carts.findById(guestCartId)
        if (!guest || guest.userId !== undefined) return false
        const user: Cart =
          (await carts.find({ kind: 'user', userId })) ?? emptyCart({ id: newCartId(), userId, at: now() })
        const merged = merge(guest, user, newLineId, now())
        if (!merged) return false
        if (await carts.storeMerge(merged, traceOf(call))) return true
      }
      throw new Refusal(
        'unavailable',
        'cart.busy',
        'the cart is changed by too many at once; try again in a moment',
      )
    })
  }
}
