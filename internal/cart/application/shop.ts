import type { Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Delivery, LineId, ProductId } from '../domain/cart.ts'
import { emptyCart } from '../domain/cart.ts'
import { addItem, changeItem, clear, removeItem, type WantedItem } from '../domain/lines.ts'
import { addPromotion, removePromotion, setDelivery } from '../domain/terms.ts'
import type { Products } from '../domain/show.ts'
import { changeCart, type ChangeDeps, type Changed } from './change-cart.ts'
import { ownerOf } from './owner.ts'
import type { ShippingOffer } from './ports.ts'
import { refuseCode, refuseShipping, type CartView } from './view-cart.ts'

// What a shopper does with the own cart. Each is one line of the shop guide.

type Deps = ChangeDeps & { readonly newLineId: () => LineId }

/** The version that the caller has seen; undefined when any will do. */
type Seen = { readonly expectedVersion: number | undefined }

/** Whoever has no cart sees an empty one, and nothing is stored. */
export function getCart({ carts, view, newCartId, now }: Deps) {
  return async (call: Call): Promise<CartView> => {
    const owner = ownerOf(call)
    const found = owner && (await carts.find(owner))
    return view(found ?? emptyCart({ id: newCartId(), userId: undefined, at: now() }))
  }
}

export function addToCart(deps: Deps) {
  const change = changeCart(deps)
  return (item: WantedItem & Seen, call: Call): Promise<Changed> =>
    change(
      {
        expectedVersion: item.expectedVersion,
        products: [item.productId],
        makesGuestsCart: true,
        decide: (cart, products) =>
          addItem(cart, item, productOf(products, item.productId), deps.newLineId, deps.now()),
      },
      call,
    )
}

export function changeQuantity(deps: Deps) {
  const change = changeCart(deps)
  type Input = Seen & { readonly lineId: LineId; readonly quantity: number }
  return ({ expectedVersion, lineId, quantity }: Input, call: Call): Promise<Changed> =>
    change(
      {
        expectedVersion,
        decide(cart, products) {
          const line = cart.lines.find((each) => each.lineId === lineId)
          return changeItem(cart, lineId, quantity, line && products.get(line.productId), deps.now())
        },
      },
      call,
    )
}

export function removeFromCart(deps: Deps) {
  const change = changeCart(deps)
  return ({ expectedVersion, lineId }: Seen & { readonly lineId: LineId }, call: Call): Promise<Changed> =>
    change({ expectedVersion, decide: (cart) => removeItem(cart, lineId, deps.now()) }, call)
}

export function clearCart(deps: Deps) {
  const change = changeCart(deps)
  return ({ expectedVersion }: Seen, call: Call): Promise<Changed> =>
    change({ expectedVersion, decide: (cart) => clear(cart, deps.now()) }, call)
}

export function chooseDelivery(deps: Deps) {
  const change = changeCart(deps)
  return ({ expectedVersion, ...delivery }: Seen & Delivery, call: Call): Promise<Changed> =>
    change(
      { expectedVersion, decide: (cart) => setDelivery(cart, delivery, deps.now()), check: refuseShipping },
      call,
    )
}

/** Refuses a code that does not apply, with the reason, so that it is not kept. */
export function redeemCode(deps: Deps) {
  const change = changeCart(deps)
  return ({ expectedVersion, code }: Seen & { readonly code: string }, call: Call): Promise<Changed> =>
    change(
      {
        expectedVersion,
        decide: (cart) => addPromotion(cart, code, deps.now()),
        check: (view) => refuseCode(view, code),
      },
      call,
    )
}

export function dropCode(deps: Deps) {
  const change = changeCart(deps)
  return ({ expectedVersion, code }: Seen & { readonly code: string }, call: Call): Promise<Changed> =>
    change({ expectedVersion, decide: (cart) => removePromotion(cart, code, deps.now()) }, call)
}

/** For the cart's address, or as if it went to this country. */
export function listShippingMethods({ carts, view, newCartId, now }: Deps) {
  return async (country: string | undefined, call: Call) => {
    const owner = ownerOf(call)
    const cart =
      (owner && (await carts.find(owner))) ?? emptyCart({ id: newCartId(), userId: undefined, at: now() })
    const to = country ?? cart.delivery?.address.country
    if (to === undefined)
      throw new Refusal('conflict', 'cart.no-address', 'put an address first, or name a country')
    const address =
      cart.delivery?.address.country === to ? cart.delivery.address : { ...nowhere, country: to }
    const { priced, shown } = await view({ ...cart, delivery: { address, shippingMethod: undefined } })
    const methods: readonly ShippingOffer[] = priced.shippingMethods
    return { methods, currency: shown.currency }
  }
}

const nowhere = { name: '', line1: '', line2: '', city: '', region: '', postalCode: '', phone: '' }

function productOf(products: Products, productId: ProductId) {
  const product = products.get(productId)
  if (product) return product
  throw new Refusal('invalid', 'cart.unknown-product', 'there is no such product for sale', {
    products: [{ productId }],
  })
}
