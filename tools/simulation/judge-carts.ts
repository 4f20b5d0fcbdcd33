import { cartFate } from '../../internal/order/domain/cart-fate.ts'
import type { Order } from '../../internal/order/domain/order.ts'
import { liveStatuses, type Cart, type CartLine } from '../../internal/cart/domain/cart.ts'
import type { Answered } from './clients.ts'
import { dead } from './judge-checkouts.ts'
import type { Stores } from './stores.ts'

type Ended = { readonly stores: Stores; readonly answered: Answered }

/**
 * Checks that carts know what became of their orders: one whose order lives is ordered or waits for its money, and one
 * whose order has ended was given back. No merge loses a line, no addition is lost or done twice, and nobody has two carts.
 */
export function judgeCarts({ stores, answered }: Ended, orders: readonly Order[]): readonly string[] {
  const carts = stores.carts.all()
  const byId = new Map<string, Order>(orders.map((order) => [order.id, order]))
  return [
    ...carts.flatMap((cart) => judgeCart(cart, byId)),
    ...orders.flatMap((order) => judgeFate(order, carts)),
    ...judgeMerges(stores),
    ...judgeAdditions(stores, answered),
    ...judgeOwners(carts),
  ]
}

/**
 * An order that is paid for outside of providers, whose money a bank had in hand, that was paid once, or was shipped before,
 * has its cart for good.
 */
const hasTaken = ({ terms, cartTaken, history }: Order): boolean =>
  terms?.paysOffline === true ||
  cartTaken ||
  history.some(({ status }) => status === 'paid' || status === 'shipped')

function judgeCart({ id, status, order: locking, lines }: Cart, orders: ReadonlyMap<string, Order>) {
  const wrong: string[] = []
  const order = orders.get(locking?.orderId ?? '')
  if (
    status === 'locked' &&
    (!order || order.terms?.cart.id !== (id as string) || dead.includes(order.status))
  )
    wrong.push(
      `cart ${id} is locked for order ${locking?.orderId ?? ''}, which ${order ? `is ${order.status}` : 'does not exist'}`,
    )
  if (status === 'ordered' && !(order && hasTaken(order)))
    wrong.push(`cart ${id} is ordered, and no order of it was covered or is paid later`)
  if (new Set(lines.map(keyOf)).size < lines.length) wrong.push(`cart ${id} has two equal lines`)
  if (lines.some(({ quantity }) => quantity < 1)) wrong.push(`cart ${id} has a line of nothing`)
  return wrong
}

function judgeFate(order: Order, carts: readonly Cart[]): readonly string[] {
  const { id, status, terms, awaitingCart } = order
  if (!terms) return []
  const cart = carts.find((each) => each.id === (terms.cart.id as string))
  if (!cart) return [`order ${id} was made of a cart that does not exist`]
  if (awaitingCart) return [`the cart of order ${id} was not told that it is ${status}`]
  const isOwn = cart.order?.orderId === (id as string)
  const is = `order ${id} is ${status}, and its cart is ${cart.status}`
  switch (cartFate(order)) {
    case 'ordered':
    case 'taken':
      // A guest's cart that was given back may have been merged before its order was revived.
      if (cart.status === 'merged' && order.history.some((change) => change.status === 'expired')) return []
      return cart.status === 'ordered' && isOwn ? [] : [is]
    case 'given-back': {
      // Locking raises the version, and giving back does.
      const isBack = cart.version >= terms.cart.version + 2
      const isHeld = isOwn && (cart.status === 'locked' || (cart.status === 'ordered' && !hasTaken(order)))
      return isBack && !isHeld ? [] : [is]
    }
    case undefined:
      return cart.status === 'locked' && isOwn ? [] : [is]
  }
}

const keyOf = ({ productId, attributes }: CartLine): string => `${productId} ${attributes}`

/** What both carts held before is in the cart of the user right after. */
function judgeMerges({ carts: { events } }: Stores): readonly string[] {
  const states = new Map<string, Cart>(events.map(({ cart }) => [`${cart.id} ${cart.version}`, cart]))
  return events.flatMap(({ type, cart }): readonly string[] => {
    if (type !== 'merged' || cart.status !== 'merged') return []
    const { mergedInto } = cart
    if (!mergedInto)
      return cart.lines.length === 0 ? [] : [`cart ${cart.id} was merged with its lines into nothing`]
    const after = states.get(`${mergedInto.cartId} ${mergedInto.version}`)
    const before = states.get(`${mergedInto.cartId} ${mergedInto.version - 1}`)
    const kept = new Map(after?.lines.map((line) => [keyOf(line), line.quantity]))
    const lost = [...cart.lines, ...(before?.lines ?? [])].filter(
      (line) => (kept.get(keyOf(line)) ?? 0) < line.quantity,
    )
    return lost.map(({ productId }) => `lost: a merge of cart ${cart.id} has left out product ${productId}`)
  })
}

/** Each addition under one key is one change of a cart. */
function judgeAdditions(
  { carts: { events } }: Stores,
  { carts: { additions } }: Answered,
): readonly string[] {
  const added = events.filter(({ type }) => type === 'item_added')
  const wrong: string[] = []
  if (added.length > additions.size)
    wrong.push(`doubled: ${additions.size} additions to carts were asked for, and ${added.length} were made`)
  const told = new Map<string, number>()
  for (const cartId of additions.values())
    if (cartId !== undefined) told.set(cartId, (told.get(cartId) ?? 0) + 1)
  for (const [cartId, count] of told) {
    const made = added.filter(({ cart }) => cart.id === cartId).length
    if (made < count)
      wrong.push(`lost: ${count} additions to cart ${cartId} were answered, and ${made} are there`)
  }
  return wrong
}

function judgeOwners(carts: readonly Cart[]): readonly string[] {
  const owners = carts.flatMap(({ userId, status }) =>
    userId && liveStatuses.includes(status) ? [userId] : [],
  )
  return owners.filter((id, index) => owners.indexOf(id) !== index).map((id) => `user ${id} has two carts`)
}
