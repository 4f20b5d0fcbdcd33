import { Type } from 'typebox'
import { Address, Cart } from '../routes/cart-schemas.ts'
import type { Link, Part } from './part.ts'

/** The token is shown once, to whoever makes the cart. */
const { token: _token, ...shown } = Cart.properties

export const cartPart = (product: Link): Part => ({
  sdl: ({ types }) => `
    ${types({ Address, Cart: Type.Object(shown) })}
    extend type CartItem {
      "As the catalogue has it now; null when it has been deleted"
      product: Product
    }
    extend type Query {
      "One's own cart, at today's prices; of guests the one of their Cart-Token"
      cart: Cart
    }`,
  queries: { cart: { asks: ['getCart'], resolve: (_args, ask) => ask('getCart') } },
  links: { 'CartItem.product': product },
})
