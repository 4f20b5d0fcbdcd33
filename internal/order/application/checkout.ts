import { traceOf, type Call, type Trace } from '../../platform/call.ts'
import { doOnce } from '../../platform/do-once.ts'
import { toMinor } from '../../platform/money.ts'
import { Refusal } from '../../platform/refusal.ts'
import { buy, type Purchase } from '../domain/buy.ts'
import type { OrderId, UserId } from '../domain/order.ts'
import type { Address, PaymentId } from '../domain/terms.ts'
import type { Carts, LockedCart, ShoppersCart } from './carts.ts'
import type { Catalog } from './catalog.ts'
import type { Bought, Checkouts } from './checkouts.ts'
import { findEarlier } from './earlier-checkout.ts'
import type { Orders } from './orders.ts'
import type { PaymentMethod, Till, WantedPayment } from './pay-orders.ts'
import { priceCart, termsOf, totalChanged } from './price-cart.ts'
import type { Prices } from './prices.ts'

export type CheckoutInput = WantedPayment & {
  readonly cartVersion: number
  /** What the buyer has seen, decimal in the cart's currency. */
  readonly expectedTotal: number
  /** Empty: that of the account. */
  readonly email: string
  /** Undefined: those of the cart. */
  readonly delivery: Address | undefined
  readonly shippingMethod: string | undefined
  /** Undefined: that of the delivery. */
  readonly billing: Address | undefined
}

export type HoldTimes = {
  /** How long stock is held for an order that is paid at a provider. */
  readonly paymentHoldSeconds: number
  /** The same for one that is paid outside of providers; undefined: without an end. */
  readonly offlineHoldSeconds: number | undefined
}

export type CheckoutDeps = HoldTimes & {
  readonly orders: Pick<Orders, 'findByRequest'>
  readonly checkouts: Checkouts
  readonly carts: Carts
  readonly catalog: Catalog
  readonly prices: Pick<Prices, 'quote'>
  readonly till: Pick<Till<unknown>, 'methods'>
  readonly newOrderId: () => OrderId
  readonly newPaymentId: () => PaymentId
  readonly now: () => Date
  readonly digest: (text: string) => string
}

/**
 * Makes an order of the caller's cart. What could be refused is asked before the cart is locked, so that a refusal
 * changes nothing; the lock is that of the version which was priced. Idempotent by (cart, version): whoever comes second
 * gets the first one's order. A crash between lock and order is mended by `reapLocks`.
 */
export function checkout(deps: CheckoutDeps) {
  return async (input: CheckoutInput, call: Call): Promise<Bought> => {
    const { result, isReplay } = await doOnce(
      call.once,
      async (once): Promise<Bought | undefined> => {
        const order = await deps.orders.findByRequest(once)
        return order && { order, isNew: false }
      },
      () => buyCart(deps, input, call),
    )
    return { ...result, isNew: result.isNew && !isReplay }
  }
}

async function buyCart(deps: CheckoutDeps, input: CheckoutInput, call: Call): Promise<Bought> {
  const cart = await deps.carts.find(call)
  const earlier = await findEarlier(deps.checkouts, cart, input, call)
  if (earlier) {
    // The user's next cart may come to the same version and total, and the key must not mean that one later.
    if (call.once) await deps.checkouts.claim(call.once, earlier.id)
    return { order: earlier, isNew: false }
  }
  if (cart.version !== input.cartVersion && cart.lockedVersion !== input.cartVersion) throw otherVersion()
  if (!cart.id || cart.lines.length === 0) throw new Refusal('conflict', 'cart.empty', 'the cart is empty')
  const locked = { cartId: cart.id, version: input.cartVersion, orderId: deps.newOrderId() }
  const purchase = await purchaseOf(deps, cart, locked, input, call)
  const trace = traceOf(call)
  const orderId = await deps.carts.lock(locked, trace)
  try {
    const bought = await deps.checkouts.add(buy({ ...purchase, id: orderId }, deps.now()), trace, call.once)
    if (!bought) throw otherVersion()
    return bought
  } catch (err) {
    if (err instanceof Refusal && err.kind !== 'unavailable')
      await giveBack(deps, { ...locked, orderId }, trace)
    throw err
  }
}

/** Unless another checkout of the same version, which was at it at the same time, has made its order. */
async function giveBack({ checkouts, carts }: CheckoutDeps, locked: LockedCart, trace: Trace): Promise<void> {
  const [status] = await checkouts.takeBack([locked])
  if (status === undefined) await carts.unlock(locked, trace)
}

/** All that the order needs but the id that the lock gives. */
async function purchaseOf(
  deps: CheckoutDeps,
  cart: ShoppersCart,
  locked: { readonly cartId: Purchase['terms']['cart']['id']; readonly version: number },
  input: CheckoutInput,
  call: Call,
): Promise<Omit<Purchase, 'id'>> {
  const userId = call.actor?.kind === 'user' ? (call.actor.userId as UserId) : undefined
  const { email, billing } = input
  if (!userId && email === '')
    throw new Refusal('invalid', 'checkout.email-required', 'say to which e-mail address the receipt goes')
  const delivery = input.delivery ?? cart.delivery
  if (!delivery)
    throw new Refusal('invalid', 'checkout.address-required', 'say where it goes: the cart has no address')
  const method = await methodOf(deps.till, input.method)
  const customerKey = userId ?? deps.digest(email.toLowerCase())
  const shippingMethod = input.shippingMethod ?? cart.shippingMethod
  const priced = await priceCart(deps, { cart, delivery, shippingMethod, customerKey })
  const { totalMinor } = priced.price
  if (toMinor(input.expectedTotal, cart.currency) !== totalMinor) throw totalChanged()
  const isFree = totalMinor === 0n
  const { method: name, token, returnUrl, client } = input
  return {
    ...{ userId, totalMinor, currency: cart.currency, buyer: { email, delivery, billing } },
    lines: priced.lines.map(({ product, quantity }) => {
      const { productId, sku, name: productName, unitPriceMinor } = product
      return { productId, sku, name: productName, quantity, unitPriceMinor }
    }),
    terms: termsOf({ id: locked.cartId, version: locked.version }, priced, customerKey, method.isOffline),
    firstPayment: isFree ? undefined : { id: deps.newPaymentId(), method: name, token, returnUrl, client },
    holdUntil: isFree ? undefined : holdUntil(deps, method, deps.now()),
  }
}

async function methodOf(till: CheckoutDeps['till'], id: string): Promise<PaymentMethod> {
  const method = (await till.methods()).find((each) => each.id === id)
  if (method) return method
  throw new Refusal('invalid', 'payment.unknown-method', `there is no payment method ${id}`)
}

function holdUntil(
  { paymentHoldSeconds, offlineHoldSeconds }: HoldTimes,
  { isOffline }: PaymentMethod,
  at: Date,
): Date | undefined {
  const seconds = isOffline ? offlineHoldSeconds : paymentHoldSeconds
  return seconds === undefined ? undefined : new Date(at.getTime() + seconds * 1_000)
}

const otherVersion = (): Refusal =>
  new Refusal('conflict', 'cart.version-mismatch', 'the cart has changed since that version')
