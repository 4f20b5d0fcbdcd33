import { Refusal } from '../../platform/refusal.ts'
import { changed, type Cart, type CartChange, type OrderId } from './cart.ts'

// What the checkout does to a cart. (cart, version) is what an order is unique by: whoever locks the same version again
// gets the order that has it, and unlocking raises the version, so that a lock that comes late finds no cart to lock.

/** Undefined when this version is locked already, whichever order has it. */
export function lock(cart: Cart, version: number, orderId: OrderId, at: Date): CartChange | undefined {
  const isLockedAt = cart.order?.version === version
  if (isLockedAt && (cart.status === 'locked' || cart.status === 'ordered')) return undefined
  if (cart.version !== version || (cart.status !== 'active' && cart.status !== 'abandoned')) throw mismatch()
  if (cart.lines.length === 0) throw new Refusal('conflict', 'cart.empty', 'the cart is empty')
  return changed(cart, { status: 'locked', order: { orderId, version } }, at, (state) => {
    return { type: 'locked', cart: state }
  })
}

/**
 * Gives the cart back to its owner, because the order of this version is off. Coming before its lock it raises the version
 * all the same, so that the lock, when it comes, finds another version. Undefined when it has been done.
 */
export function unlock(cart: Cart, version: number, orderId: OrderId, at: Date): CartChange | undefined {
  const { status, order } = cart
  if (status === 'ordered' && order?.orderId === orderId)
    throw new Refusal('conflict', 'cart.ordered', 'this cart was ordered')
  const holds = status === 'locked' && order?.version === version && order.orderId === orderId
  const isBeforeItsLock = (status === 'active' || status === 'abandoned') && cart.version === version
  if (!holds && !isBeforeItsLock) return undefined
  return changed(cart, { status: 'active' }, at, (state) => ({ type: 'reopened', cart: state }))
}

/**
 * The order of this cart is covered. It is so even when the cart had been given back, because an order that had expired was
 * revived; other orders of the cart may have come and gone since. Undefined when it has been done, for a cart whose lines
 * are in another cart, and for one that another checkout has at the moment: that one will be given back.
 */
export function markOrdered(cart: Cart, orderId: OrderId, at: Date): CartChange | undefined {
  const isOwn = cart.order?.orderId === orderId
  if (cart.status === 'ordered' || cart.status === 'merged' || (cart.status === 'locked' && !isOwn))
    return undefined
  const order = { orderId, version: cart.order?.version ?? 0 }
  return changed(cart, { status: 'ordered', order }, at, (state) => ({ type: 'ordered', cart: state }))
}

/** Undefined for a cart with nothing in it, which nobody misses, and for one that is not active. */
export function abandon(cart: Cart, untouchedSince: Date, at: Date): CartChange | undefined {
  if (cart.status !== 'active' || cart.lines.length === 0 || cart.updatedAt >= untouchedSince)
    return undefined
  return changed(cart, { status: 'abandoned' }, at, (state) => ({ type: 'abandoned', cart: state }))
}

export const mismatch = (): Refusal =>
  new Refusal('conflict', 'cart.version-mismatch', 'the cart has changed since that version')
