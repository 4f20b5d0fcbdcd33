import type { CartSchema, CartService } from '../../gen/cart/v1/cart_pb.ts'
import { systemCall, type Call, type Trace } from '../../platform/call.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Carts, ShoppersCart } from '../application/carts.ts'
import type { OrderId, ProductId } from '../domain/order.ts'
import type { Address, CartId } from '../domain/terms.ts'

export type CartCalls = Pick<
  Handlers<typeof CartService>,
  'getCart' | 'lockCart' | 'unlockCart' | 'orderCart' | 'listLockedCarts'
>

export function shoppersCarts(carts: CartCalls): Carts {
  return {
    find: async (call) => cartFrom((await carts.getCart({}, withoutKey(call))).cart),
    async lock(cart, trace) {
      const { orderId } = await carts.lockCart(cart, byTrace(trace))
      failpoint('lock-order')
      return orderId as OrderId
    },
    async unlock(cart, trace) {
      try {
        await carts.unlockCart(cart, byTrace(trace))
        failpoint('cart-mark')
      } catch (err) {
        if (!isOver(err)) throw err
      }
    },
    async order(cart, trace) {
      try {
        const { status } = await carts.orderCart(cart, byTrace(trace))
        // Another checkout has it, which will be refused: one order of a cart lives.
        if (status === 'locked') throw underWay()
        failpoint('cart-mark')
      } catch (err) {
        if (!isOver(err)) throw err
      }
    },
    async lockedFor(olderThanSeconds, limit) {
      const { carts: locked } = await carts.listLockedCarts({ olderThanSeconds, limit }, systemCall(''))
      return locked.map(({ cartId, version, orderId }) => {
        return { cartId: cartId as CartId, version, orderId: orderId as OrderId }
      })
    },
  }
}

const byTrace = ({ correlationId, traceparent }: Trace): Call => systemCall(correlationId, traceparent)

/** The key is the order's, and reading needs none. */
function withoutKey({ once: _, ...call }: Call): Call {
  return call
}

const underWay = (): Refusal =>
  new Refusal('unavailable', 'cart.checkout-under-way', 'a checkout has the cart; try again in a moment')

/** The cart is ordered, or is not there any more: nobody waits for it. */
const isOver = (err: unknown): boolean =>
  err instanceof Refusal && (err.code === 'cart.ordered' || err.code === 'cart.not-found')

function cartFrom(cart: Wire<typeof CartSchema>): ShoppersCart {
  const { address, shippingMethod } = cart.delivery
  return {
    id: cart.id === '' ? undefined : (cart.id as CartId),
    ...{ version: cart.version, isLocked: cart.status === 'locked', currency: cart.currency },
    lockedFor: cart.orderId as OrderId | undefined,
    lockedVersion: cart.lockedVersion,
    lines: cart.items.map(({ lineId, productId, quantity, attributes = {} }) => ({
      ...{ lineId, productId: productId as ProductId, quantity },
      attributes: Object.keys(attributes).length === 0 ? '' : JSON.stringify(attributes),
    })),
    promotionCodes: cart.promotions.map(({ code }) => code).filter((code) => code !== ''),
    delivery: addressFrom(address),
    shippingMethod,
  }
}

/** Undefined for one without a country, which stands for none. */
function addressFrom(address: Address): Address | undefined {
  const { name, line1, line2, city, region, postalCode, country, phone } = address
  if (country === '') return undefined
  return { name, line1, line2, city, region, postalCode, country, phone }
}
