import type { CartService, DeliverySchema } from '../../gen/cart/v1/cart_pb.ts'
import { requireSystem, type Call } from '../../platform/call.ts'
import { parseAddress, parseCountry } from '../../platform/parse-address.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { isAtMost, isStorableLine, textLengths, tidy } from '../../platform/text.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Wire } from '../../platform/wire.ts'
import type { lockCart, listLockedCarts, orderCart, unlockCart } from '../application/checkout.ts'
import type { exportCarts } from '../application/export-carts.ts'
import type { mergeCarts } from '../application/merge-carts.ts'
import type * as shop from '../application/shop.ts'
import type { ViewCart } from '../application/view-cart.ts'
import { parseAttributes } from '../domain/attributes.ts'
import type { CartId, Delivery, LineId, OrderId, ProductId } from '../domain/cart.ts'
import { cartJson } from './cart-json.ts'

export type CartApp = {
  readonly [Name in keyof typeof shop]: ReturnType<(typeof shop)[Name]>
} & {
  readonly mergeCarts: ReturnType<typeof mergeCarts>
  readonly exportCarts: ReturnType<typeof exportCarts>
  readonly lockCart: ReturnType<typeof lockCart>
  readonly unlockCart: ReturnType<typeof unlockCart>
  readonly orderCart: ReturnType<typeof orderCart>
  readonly listLockedCarts: ReturnType<typeof listLockedCarts>
  readonly view: ViewCart
}

type CartHandlers = Handlers<typeof CartService>

const maxLocked = 1_000

/** Each method of the contract parses the request, runs a use case and encodes the answer. */
export const cartRpc = (app: CartApp): CartHandlers => ({ ...shopRpc(app), ...checkoutRpc(app) })

function shopRpc(app: CartApp) {
  return {
    getCart: async (_request, call) => ({ cart: cartJson(await app.getCart(call)) }),
    async addItem({ productId, quantity, attributes, expectedVersion }, call) {
      const item = {
        productId: productIdOf(productId),
        quantity,
        attributes: parseAttributes(attributes),
        expectedVersion,
      }
      const changed = await app.addToCart(item, call)
      return { cart: cartJson(changed), replayed: changed.isReplay, newGuest: changed.isNewGuest }
    },
    async changeItem({ lineId, quantity, expectedVersion }, call) {
      const input = { lineId: lineIdOf(lineId), quantity, expectedVersion }
      return { cart: cartJson(await app.changeQuantity(input, call)) }
    },
    async removeItem({ lineId, expectedVersion }, call) {
      return { cart: cartJson(await app.removeFromCart({ lineId: lineIdOf(lineId), expectedVersion }, call)) }
    },
    clearCart: async (request, call) => ({ cart: cartJson(await app.clearCart(seen(request), call)) }),
    async setDelivery({ delivery, expectedVersion }, call) {
      return {
        cart: cartJson(await app.chooseDelivery({ ...deliveryOf(delivery), expectedVersion }, call)),
      }
    },
    async listShippingMethods({ country }, call) {
      const to = country === undefined ? undefined : parseCountry(country)
      const { methods, currency } = await app.listShippingMethods(to, call)
      return {
        methods: methods.map(({ id, name, priceMinor, estimate }) => {
          return { id, name, priceMinor: String(priceMinor), estimate: estimate || undefined }
        }),
        currency,
      }
    },
    async addPromotion({ code, expectedVersion }, call) {
      const changed = await app.redeemCode({ code: codeOf(code), expectedVersion }, call)
      return { cart: cartJson(changed), replayed: changed.isReplay }
    },
    async removePromotion({ code, expectedVersion }, call) {
      return { cart: cartJson(await app.dropCode({ code: codeOf(code), expectedVersion }, call)) }
    },
    async exportCarts({ afterId }, call) {
      const { carts, next } = await app.exportCarts(
        afterId === undefined ? undefined : cartIdOf(afterId),
        call,
      )
      return { carts, nextId: next }
    },
    async mergeCarts({ guestCartId }, call) {
      return { merged: await app.mergeCarts(cartIdOf(guestCartId), call) }
    },
  } satisfies Partial<CartHandlers>
}

function checkoutRpc(app: CartApp) {
  return {
    async lockCart(request, call) {
      const wanted = lockOf(request, call)
      return { orderId: (await app.lockCart(wanted, call)).order?.orderId ?? wanted.orderId }
    },
    async unlockCart(request, call) {
      const { version, status } = await app.unlockCart(lockOf(request, call), call)
      return { version, status }
    },
    async orderCart({ cartId, orderId }, call) {
      requireSystem(call)
      const input = { cartId: cartIdOf(cartId), orderId: orderIdOf(orderId) }
      return { status: (await app.orderCart(input, call)).status }
    },
    async listLockedCarts({ olderThanSeconds, limit }, call) {
      const carts = await app.listLockedCarts(olderThanSeconds, Math.min(Math.max(1, limit), maxLocked), call)
      return {
        carts: carts.map(({ id, order }) => {
          return { cartId: id, version: order?.version ?? 0, orderId: order?.orderId ?? '' }
        }),
      }
    },
  } satisfies Partial<CartHandlers>
}

type Locked = { readonly cartId: string; readonly version: number; readonly orderId: string }

function lockOf({ cartId, version, orderId }: Locked, call: Call) {
  requireSystem(call)
  return { cartId: cartIdOf(cartId), version, orderId: orderIdOf(orderId) }
}

const seen = ({ expectedVersion }: { readonly expectedVersion?: number | undefined }) => ({ expectedVersion })

const cartIdOf = (id: string): CartId => parseUuid(id, 'cart.invalid-id', "a cart's id") as CartId
const orderIdOf = (id: string): OrderId => parseUuid(id, 'order.invalid-id', "an order's id") as OrderId
const lineIdOf = (id: string): LineId => parseUuid(id, 'cart.invalid-line-id', "a line's id") as LineId
const productIdOf = (id: string): ProductId =>
  parseUuid(id, 'product.invalid-id', "a product's id") as ProductId

function codeOf(text: string): string {
  const code = tidy(text)
  if (code !== '' && isStorableLine(code) && isAtMost(code, textLengths.promotionCode)) return code
  throw new Refusal(
    'invalid',
    'promotion.invalid-code',
    `a code is one line of 1 to ${textLengths.promotionCode} characters`,
  )
}

const deliveryOf = ({ address, shippingMethod }: Wire<typeof DeliverySchema>): Delivery => ({
  address: parseAddress(address),
  shippingMethod: shippingMethod || undefined,
})
