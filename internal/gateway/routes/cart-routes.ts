import { Type } from 'typebox'
import type { CartService } from '../../gen/cart/v1/cart_pb.ts'
import { toDecimal } from '../../platform/money.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import type { GuestTokens } from '../guest-tokens.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes } from '../limits.ts'
import { expectedVersion } from '../preconditions.ts'
import { CartTokenHeader, refTo } from '../schemas.ts'
import { cartAnswer } from './cart-answer.ts'
import {
  AddItemBody,
  Cart,
  ChangeItemBody,
  DeliveryBody,
  LineParams,
  PromotionBody,
  PromotionParams,
  ShippingMethods,
  ShippingMethodsQuery,
  wireAddress,
} from './cart-schemas.ts'
import { IfMatchHeader } from './product-schemas.ts'

export type CartDeps = {
  readonly carts: Handlers<typeof CartService>
  readonly cartTokens: GuestTokens
}

const shopping = { access: 'shopper', tag: 'cart', status: 200, headers: CartTokenHeader } as const
const common = { ...shopping, response: refTo(Cart) } as const
/** What changes a cart may say which version it has seen. */
const changing = {
  ...common,
  headers: Type.Object({ ...CartTokenHeader.properties, ...IfMatchHeader.properties }),
} as const

export function cartRoutes(deps: CartDeps): readonly Endpoint[] {
  return [reading(deps), ...itemRoutes(deps), ...termRoutes(deps), ...promotionRoutes(deps)]
}

function reading({ carts }: CartDeps): Endpoint {
  return endpoint({
    ...common,
    method: 'GET',
    path: '/cart',
    id: 'getCart',
    summary: "Show one's own cart, at today's prices; an empty one where there is none",
    handle: async (_input, call) => cartAnswer((await carts.getCart({}, call)).cart),
  })
}

function itemRoutes({ carts, cartTokens }: CartDeps): readonly Endpoint[] {
  return [
    endpoint({
      ...changing,
      method: 'POST',
      path: '/cart/items',
      id: 'addCartItem',
      summary: "Add a product; a guest's first one makes the cart and answers with its Cart-Token, once",
      takesIdempotencyKey: true,
      makesCart: true,
      bodyBytes: bodyBytes.cartItem,
      body: AddItemBody,
      async handle({ headers, body }, call) {
        const request = { ...body, expectedVersion: seen(headers) }
        const { cart, replayed, newGuest } = await carts.addItem(request, call)
        const shown = cartAnswer(cart)
        if (!newGuest) return { ...shown, isReplay: replayed }
        const token = cartTokens.issue(cart.id)
        return { body: { ...shown.body, token }, headers: { ...shown.headers, 'cart-token': token } }
      },
    }),
    endpoint({
      ...changing,
      method: 'PATCH',
      path: '/cart/items/:lineId',
      id: 'changeCartItem',
      summary: 'Set the quantity of a line; 0 removes it',
      params: LineParams,
      body: ChangeItemBody,
      async handle({ params, headers, body }, call) {
        const request = { ...params, ...body, expectedVersion: seen(headers) }
        return cartAnswer((await carts.changeItem(request, call)).cart)
      },
    }),
    endpoint({
      ...changing,
      method: 'DELETE',
      path: '/cart/items/:lineId',
      id: 'removeCartItem',
      summary: 'Take a line out',
      params: LineParams,
      async handle({ params, headers }, call) {
        const request = { ...params, expectedVersion: seen(headers) }
        return cartAnswer((await carts.removeItem(request, call)).cart)
      },
    }),
    endpoint({
      ...changing,
      method: 'DELETE',
      path: '/cart',
      id: 'clearCart',
      summary: 'Take all lines and promotions out; the address stays',
      handle: async ({ headers }, call) =>
        cartAnswer((await carts.clearCart({ expectedVersion: seen(headers) }, call)).cart),
    }),
  ]
}

function termRoutes({ carts }: CartDeps): readonly Endpoint[] {
  return [
    endpoint({
      ...changing,
      method: 'PUT',
      path: '/cart/delivery',
      id: 'setCartDelivery',
      summary: 'Say where it goes and how; the answer has shipping and tax',
      bodyBytes: bodyBytes.account,
      body: DeliveryBody,
      async handle({ headers, body }, call) {
        const { address, shippingMethod } = body
        const delivery = { address: wireAddress(address), shippingMethod }
        const request = { delivery, expectedVersion: seen(headers) }
        return cartAnswer((await carts.setDelivery(request, call)).cart)
      },
    }),
    endpoint({
      ...shopping,
      method: 'GET',
      path: '/cart/shipping-methods',
      id: 'offerShippingMethods',
      summary: "Show what shipping there is to the cart's address, or to a country",
      query: ShippingMethodsQuery,
      response: ShippingMethods,
      async handle({ query }, call) {
        const { methods, currency } = await carts.listShippingMethods(query, call)
        const data = methods.map(({ id, name, priceMinor, estimate }) => {
          const price = toDecimal(BigInt(priceMinor), currency)
          return { id, name, price, ...(estimate === undefined ? {} : { estimate }) }
        })
        return { body: { data } }
      },
    }),
  ]
}

function promotionRoutes({ carts }: CartDeps): readonly Endpoint[] {
  return [
    endpoint({
      ...changing,
      method: 'POST',
      path: '/cart/promotions',
      id: 'addCartPromotion',
      summary: 'Redeem a code; 409 promotion.not-applicable with the reason when it does not apply',
      takesIdempotencyKey: true,
      body: PromotionBody,
      async handle({ headers, body }, call) {
        const request = { ...body, expectedVersion: seen(headers) }
        const { cart, replayed } = await carts.addPromotion(request, call)
        return { ...cartAnswer(cart), isReplay: replayed }
      },
    }),
    endpoint({
      ...changing,
      method: 'DELETE',
      path: '/cart/promotions/:code',
      id: 'removeCartPromotion',
      summary: 'Take a code out',
      params: PromotionParams,
      async handle({ params, headers }, call) {
        const request = { ...params, expectedVersion: seen(headers) }
        return cartAnswer((await carts.removePromotion(request, call)).cart)
      },
    }),
  ]
}

/** The version that the client has seen; undefined when any will do. */
function seen(headers: { readonly 'if-match'?: string }): number | undefined {
  try {
    return expectedVersion(headers['if-match'])
  } catch (err) {
    // A tag that we have never given matches no cart either.
    if (err instanceof Refusal && err.code === 'product.version-mismatch')
      throw new Refusal('conflict', 'cart.changed', 'the cart has changed since that version')
    throw err
  }
}
