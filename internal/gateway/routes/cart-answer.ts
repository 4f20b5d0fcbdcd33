import type { Static } from 'typebox'
import type { CartSchema } from '../../gen/cart/v1/cart_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Answer } from '../endpoint.ts'
import { etagOf } from '../preconditions.ts'
import { cartBody, type Cart } from './cart-schemas.ts'

/** A cart that is not stored has no version that a client could have seen. */
export function cartAnswer(cart: Wire<typeof CartSchema>): Answer<Static<typeof Cart>> {
  return { body: cartBody(cart), headers: cart.version === 0 ? {} : { etag: etagOf(cart) } }
}
