import { setTimeout as sleep } from 'node:timers/promises'
import { Type, type Static } from 'typebox'
import type { CartService } from '../../gen/cart/v1/cart_pb.ts'
import type { CheckoutResponseSchema, OrderService } from '../../gen/order/v1/order_pb.ts'
import type { Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Decisions } from '../decisions.ts'
import { endpoint, type Asker, type Endpoint } from '../endpoint.ts'
import type { GuestTokens } from '../guest-tokens.ts'
import { bodyBytes } from '../limits.ts'
import { preferredWaitMs } from '../prefer.ts'
import { checkReturnUrl } from '../return-url.ts'
import { CartTokenHeader, refTo } from '../schemas.ts'
import { cartAnswer } from './cart-answer.ts'
import { Cart, cartBody, wireAddress } from './cart-schemas.ts'
import { CheckoutBody } from './checkout-schemas.ts'
import { Order, orderBody, PreferHeader } from './order-schemas.ts'
import { Payment, paymentBody } from './payment-schemas.ts'

export type CheckoutDeps = {
  readonly orders: Handlers<typeof OrderService>
  readonly carts: Pick<Handlers<typeof CartService>, 'getCart'>
  readonly decisions: Decisions
  readonly orderTokens: GuestTokens
  readonly returnOrigins: readonly string[]
  /** Of an address, so that none is stored. */
  readonly digest: (text: string) => string
}

type Bought = Pick<Wire<typeof CheckoutResponseSchema>, 'order' | 'payment'>

export function checkoutRoutes(deps: CheckoutDeps): readonly Endpoint[] {
  return [buying(deps), reopening(deps)]
}

function buying(deps: CheckoutDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/checkout',
    access: 'shopper',
    tag: 'cart',
    id: 'checkout',
    admission: 'orders',
    summary:
      "Order what is in one's cart; the payment begins when stock is held. Prefer: wait=N waits until the buyer has to do something, or nothing more",
    takesIdempotencyKey: true,
    usesAsker: true,
    headers: Type.Object({ ...CartTokenHeader.properties, ...PreferHeader.properties }),
    bodyBytes: bodyBytes.account,
    body: CheckoutBody,
    status: 201,
    response: Type.Object({
      order: refTo(Order),
      payment: Type.Optional(refTo(Payment)),
      orderToken: Type.Optional(
        Type.String({ description: "What a guest's order is known by, in the header Order-Token" }),
      ),
    }),
    async handle({ headers, body, asker }, call) {
      const { replayed, ...bought } = await checkout(deps, body, asker, call)
      const { id } = bought.order
      const isGuest = call.actor?.kind !== 'user'
      const mine: Call = isGuest ? { ...call, actor: { kind: 'buyer', orderId: id } } : call
      const waitMs = preferredWaitMs(headers.prefer)
      const { order, payment } = waitMs === undefined ? bought : await settled(deps, bought, waitMs, mine)
      const orderToken = isGuest ? deps.orderTokens.issue(id) : undefined
      return {
        body: {
          order: orderBody(order),
          ...(payment[0] ? { payment: paymentBody(payment[0]) } : {}),
          ...(orderToken === undefined ? {} : { orderToken }),
        },
        isReplay: replayed,
        headers: {
          location: `/orders/${id}`,
          ...(orderToken === undefined ? {} : { 'order-token': orderToken }),
          ...(waitMs === undefined ? {} : { 'preference-applied': 'wait' }),
        },
      }
    },
  })
}

/** A buyer who has seen another total gets the cart as it is now. */
async function checkout(
  { orders, carts, returnOrigins, digest }: CheckoutDeps,
  body: Static<typeof CheckoutBody>,
  asker: Asker | undefined,
  call: Call,
) {
  const { returnUrl, paymentMethod, paymentToken = '', expectedTotal, email = '' } = body
  const request = {
    ...{ cartVersion: body.cartVersion, expectedTotal: String(expectedTotal), email },
    deliveryAddress: wireAddress(body.deliveryAddress),
    billingAddress: wireAddress(body.billingAddress),
    ...{ shippingMethod: body.shippingMethod ?? '', paymentMethod, paymentToken },
    returnUrl: returnUrl === undefined ? '' : checkReturnUrl(returnUrl, asker?.origin ?? '', returnOrigins),
    client: asker ? digest(asker.address) : '',
  }
  try {
    return await orders.checkout(request, call)
  } catch (err) {
    if (!(err instanceof Refusal) || err.code !== 'checkout.total-changed') throw err
    const { once: _, ...asked } = call
    const { cart } = await carts.getCart({}, asked)
    throw new Refusal(err.kind, err.code, err.message, { ...err.details, cart: cartBody(cart) })
  }
}

/** Nobody is asked more often than this, though events wake whoever waits for stock. */
const askEveryMs = 100
const dead = ['rejected', 'canceled', 'expired']
const underWay = ['created', 'unknown']

/** The order and its payment once the buyer has to do something or nothing more, or as they are when the time is over. */
async function settled(
  { orders, decisions }: CheckoutDeps,
  { order: first, payment: begun }: Bought,
  waitMs: number,
  call: Call,
): Promise<Bought> {
  const until = performance.now() + waitMs
  const { once: _, ...asking } = call
  const read = async () => (await orders.getOrder({ id: first.id }, asking)).order
  let order = await decisions.settled(first, waitMs, read)
  let payment = begun
  for (;;) {
    const { payments } = await orders.listOrderPayments({ id: first.id }, asking)
    if (payments.length > 0) payment = payments.slice(-1)
    if (isSettled(order, payment) || performance.now() >= until) return { order, payment }
    await sleep(Math.min(askEveryMs, Math.max(0, until - performance.now())))
    order = await read()
  }
}

function isSettled({ status }: Bought['order'], [payment]: Bought['payment']): boolean {
  if (dead.includes(status) || status === 'paid' || status === 'shipped') return true
  // The order hears of a payment a moment later.
  if (!payment || payment.status === 'captured' || payment.status === 'authorized') return false
  return !underWay.includes(payment.status)
}

function reopening({ orders, carts }: CheckoutDeps): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/cart/reopen',
    access: 'shopper',
    tag: 'cart',
    id: 'reopenCart',
    summary: "Take one's cart back from a checkout that is not paid: its order is canceled",
    takesIdempotencyKey: true,
    keepsOwnKeys: true,
    headers: CartTokenHeader,
    body: Type.Object({}, { additionalProperties: false }),
    isBodyOptional: true,
    status: 200,
    response: refTo(Cart),
    async handle(_input, call) {
      await orders.reopenCart({}, call)
      const { cart } = await carts.getCart({}, call)
      return cartAnswer(cart)
    },
  })
}
