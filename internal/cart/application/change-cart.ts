import { traceOf, type Call } from '../../platform/call.ts'
import { doOnce } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import { emptyCart, type Cart, type CartChange, type CartId, type ProductId } from '../domain/cart.ts'
import { refuseTooMuch, type Products } from '../domain/show.ts'
import type { InTurn } from './in-turn.ts'
import { ownerOf } from './owner.ts'
import type { Carts, Catalog, Owner } from './ports.ts'
import type { CartView, ViewCart } from './view-cart.ts'

export type ChangeDeps = {
  readonly carts: Carts
  readonly catalog: Catalog
  readonly view: ViewCart
  readonly inTurn: InTurn
  readonly newCartId: () => CartId
  readonly now: () => Date
}

export type Wanted = {
  /** The version that the caller has seen; undefined when any will do. */
  readonly expectedVersion: number | undefined
  /** Products that the change brings. */
  readonly products?: readonly ProductId[]
  /** True when the change makes the cart of a guest who has none. */
  readonly makesGuestsCart?: boolean
  /** Undefined when there is nothing to do. */
  readonly decide: (cart: Cart, products: Products) => CartChange | undefined
  /** Refuses what the change would cost, before it is stored. */
  readonly check?: (view: CartView) => void
}

export type Changed = CartView & {
  readonly isReplay: boolean
  /** True for a guest who has got a cart by this, and needs its token. */
  readonly isNewGuest: boolean
}

/** A writer that loses a cart to one of another process tries again. Losing more often in a row is no accident. */
const maxTurns = 20

/**
 * Reads the owner's cart, decides, prices the result, and stores it if no other writer was quicker. What could fail is
 * asked before anything is stored, so that a failure changes nothing.
 */
export function changeCart(deps: ChangeDeps) {
  return async (wanted: Wanted, call: Call): Promise<Changed> => {
    const owner = ownerOf(call)
    const find = (): Promise<Changed | undefined> => replayed(deps, owner, call)
    const work = (): Promise<Changed> => change(deps, wanted, owner, call)
    const key = owner && (owner.kind === 'user' ? owner.userId : owner.cartId)
    const { result } = await doOnce(call.once, find, () => (key ? deps.inTurn(key, work) : work()))
    return result
  }
}

async function change(
  { carts, catalog, view, newCartId, now }: ChangeDeps,
  { expectedVersion, products = [], makesGuestsCart = false, decide, check }: Wanted,
  owner: Owner | undefined,
  call: Call,
): Promise<Changed> {
  const userId = owner?.kind === 'user' ? owner.userId : undefined
  for (let turn = 0; turn < maxTurns; turn++) {
    const found = owner && (await carts.find(owner))
    const cart = found ?? emptyCart({ id: newCartId(), userId, at: now() })
    if (expectedVersion !== undefined && cart.version !== expectedVersion) throw hasChanged()
    const ids = [...new Set([...cart.lines.map(({ productId }) => productId), ...products])]
    const known: Products = ids.length === 0 ? new Map() : await catalog.find(ids)
    const decided = decide(cart, known)
    if (!decided) return { ...(await view(cart, known)), isReplay: false, isNewGuest: false }
    const isNewGuest = !found && !userId
    if (isNewGuest && !makesGuestsCart) throw noCart()
    const after = await view(decided.state, known)
    refuseTooMuch(after.shown)
    check?.(after)
    if (await carts.store(decided, traceOf(call), call.once)) return { ...after, isReplay: false, isNewGuest }
  }
  throw new Refusal(
    'unavailable',
    'cart.busy',
    'the cart is changed by too many at once; try again in a moment',
  )
}

/**
 * The cart as it is now, for a request that had been made before. Without a token, any number of guests at one address
 * could have sent it. They are shown the cart only while it is what the request says, and they do not get its token.
 */
async function replayed(
  { carts, view }: ChangeDeps,
  owner: Owner | undefined,
  { once }: Call,
): Promise<Changed | undefined> {
  const id = once && (await carts.findByRequest(once))
  if (id === undefined) return undefined
  const cart = (owner && (await carts.find(owner))) ?? (await carts.findById(id))
  if (!cart || (!owner && (cart.userId !== undefined || cart.version > 1))) throw tokenRequired()
  return { ...(await view(cart)), isReplay: true, isNewGuest: false }
}

const hasChanged = (): Refusal =>
  new Refusal('conflict', 'cart.changed', 'the cart has changed since that version')

const noCart = (): Refusal =>
  new Refusal('not-found', 'cart.not-found', 'there is no cart yet; add an item first')

const tokenRequired = (): Refusal =>
  new Refusal(
    'unauthenticated',
    'cart.token-required',
    'this request has made a cart that is in use; send its Cart-Token',
  )
