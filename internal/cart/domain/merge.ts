import { changed, refuseUnlessOpen, type Cart, type CartChange, type CartLine, type LineId } from './cart.ts'
import { refuseTooMany } from './lines.ts'

/** Both are stored, or neither is. `target` is undefined when there was nothing to give to it. */
export type Merge = { readonly source: CartChange; readonly target: CartChange | undefined }

/**
 * What a guest has gathered joins the user's cart. The larger quantity of an equal line wins, so that repeating it changes
 * nothing; other lines are added with their attributes. The user's address and codes win where there are any. Undefined
 * when the guest's cart has been merged already, or was ordered.
 */
export function merge(guest: Cart, user: Cart, newLineId: () => LineId, at: Date): Merge | undefined {
  if (guest.status === 'merged' || guest.status === 'ordered') return undefined
  refuseUnlessOpen(guest)
  const target = takeIn(user, guest, newLineId, at)
  const { id, version } = target?.state ?? user
  const mergedInto = version > 0 ? { cartId: id, version } : undefined
  const source = changed(guest, { status: 'merged', mergedInto }, at, (cart) => {
    return { type: 'merged', cart, source: guest.id, target: mergedInto?.cartId, lines: guest.lines }
  })
  return { source, target }
}

function takeIn(user: Cart, guest: Cart, newLineId: () => LineId, at: Date): CartChange | undefined {
  const delivery = user.delivery ?? guest.delivery
  const promotionCodes = user.promotionCodes.length > 0 ? user.promotionCodes : guest.promotionCodes
  const isNothing =
    guest.lines.length === 0 &&
    delivery === user.delivery &&
    promotionCodes.length === user.promotionCodes.length
  if (isNothing) return undefined
  refuseUnlessOpen(user)
  const lines = joined(user.lines, guest.lines, newLineId)
  refuseTooMany(lines)
  const given = new Set(guest.lines.map(keyOf))
  return changed(user, { status: 'active', lines, delivery, promotionCodes }, at, (cart) => {
    const taken = lines.filter((line) => given.has(keyOf(line)))
    return { type: 'merged', cart, source: guest.id, target: user.id, lines: taken }
  })
}

/** Lines that are added get ids of their own, because those of another cart may name other lines. */
function joined(
  mine: readonly CartLine[],
  theirs: readonly CartLine[],
  newLineId: () => LineId,
): readonly CartLine[] {
  const given = new Map(theirs.map((line) => [keyOf(line), line]))
  const own = new Set(mine.map(keyOf))
  const kept = mine.map((line) => {
    const quantity = Math.max(line.quantity, given.get(keyOf(line))?.quantity ?? 0)
    return { ...line, quantity }
  })
  const added = theirs.filter((line) => !own.has(keyOf(line)))
  return [...kept, ...added.map((line) => ({ ...line, lineId: newLineId() }))]
}

/** Two lines with the same one are equal. An id has no blanks. */
const keyOf = ({ productId, attributes }: CartLine): string => `${productId} ${attributes}`
