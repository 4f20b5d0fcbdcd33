import type { Call } from '../../platform/call.ts'
import { toMinor } from '../../platform/money.ts'
import type { Order, UserId } from '../domain/order.ts'
import type { CartId } from '../domain/terms.ts'
import type { ShoppersCart } from './carts.ts'
import type { Checkouts } from './checkouts.ts'

type Wanted = { readonly cartVersion: number; readonly expectedTotal: number }

/**
 * The order that the same checkout has made. A cart that is ordered is nobody's live cart any more. Then a guest's token
 * still names it; of a user it is the newest order, if that is one of this version and total.
 */
export async function findEarlier(
  checkouts: Pick<Checkouts, 'findByCart' | 'findNewest'>,
  cart: ShoppersCart,
  { cartVersion: version, expectedTotal }: Wanted,
  { actor }: Call,
): Promise<Order | undefined> {
  if (cart.id && cart.version === version && cart.lockedVersion === undefined) return undefined
  if (cart.id) return checkouts.findByCart({ cartId: cart.id, version })
  if (actor?.kind === 'guest') return checkouts.findByCart({ cartId: actor.cartId as CartId, version })
  if (actor?.kind !== 'user') return undefined
  const newest = await checkouts.findNewest(actor.userId as UserId)
  const isSame =
    newest?.terms?.cart.version === version && newest.totalMinor === toMinor(expectedTotal, newest.currency)
  return isSame ? newest : undefined
}
