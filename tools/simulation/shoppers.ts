import type { JsonObject } from '@bufbuild/protobuf'
import type { Call } from '../../internal/platform/call.ts'
import { toDecimal } from '../../internal/platform/money.ts'
import type { Refusal } from '../../internal/platform/refusal.ts'
import type { CartHandlers, InventoryHandlers, OrderHandlers } from './parts.ts'
import { country, promotionCodes } from './price-tags.ts'
import { checkoutClient, type CartStep, type WayToPay } from './shopping.ts'
import type { World } from './world.ts'

export type SeenCart = Awaited<ReturnType<CartHandlers['getCart']>>['cart']

type CheckoutRequest = Parameters<OrderHandlers['checkout']>[0]

/** What a checkout asked for, and the orders that it was answered with. */
export type Checkout = {
  readonly request: CheckoutRequest
  readonly call: Call
  readonly seen: SeenCart
  readonly way: WayToPay
  readonly orders: { readonly orderId: string; readonly paymentId: string | undefined }[]
}

/** What shoppers were told about carts, which must be true in the end. */
export type ToldCarts = {
  readonly checkouts: Checkout[]
  /** The cart that each addition was answered with; undefined: it was not answered. */
  readonly additions: Map<string, string | undefined>
}

/** A customer, or a guest, who has no more than the token of a cart. */
type Shopper = { readonly userId: string | undefined; readonly email: string; cartId: string | undefined }

export type Market = {
  readonly world: World
  readonly carts: CartHandlers
  readonly orders: OrderHandlers
  readonly inventory: InventoryHandlers
  readonly admin: Call
  readonly productIds: readonly string[]
  readonly shoppers: readonly Shopper[]
  readonly told: ToldCarts
  /** Repeats a request until it is answered. */
  readonly ask: <Answer>(
    work: () => Promise<Answer>,
    refused?: (why: Refusal) => void,
  ) => Promise<Answer | undefined>
  /** Pays for the order that a checkout has made. */
  readonly bought: (
    order: { readonly id: string; readonly call: Call },
    paymentId: string,
    way: WayToPay,
  ) => Promise<void>
}

type StepTo<Kind extends CartStep['do']> = Extract<CartStep, { readonly do: Kind }>

export async function shopFor(market: Market, step: CartStep): Promise<void> {
  switch (step.do) {
    case 'add to cart':
      return add(market, step)
    case 'change a quantity':
      return changeQuantity(market, step)
    case 'give a code':
      return giveCode(market, step)
    case 'log in':
      return logIn(market, step)
    case 'check out':
      return checkOut(market, step)
    case 'check out again': {
      const { checkouts } = market.told
      const earlier = checkouts[step.nth % checkouts.length]
      return earlier && buy(market, earlier)
    }
    case 'reopen':
      return reopen(market, step.shopper)
    case 'reprice':
      return reprice(market, market.productIds[step.product] ?? '', step.cents)
  }
}

const bare = { correlationId: 'simulation', traceparent: '' }

/** A guest without a token is nobody. */
const callOf = ({ userId, cartId }: Shopper): Call => {
  if (userId !== undefined) return { ...bare, actor: { kind: 'user', userId, role: 'customer' } }
  return { ...bare, actor: cartId === undefined ? undefined : { kind: 'guest', cartId } }
}

async function add(
  market: Market,
  { shopper: nth, product, quantity, isEngraved, key }: StepTo<'add to cart'>,
) {
  const { carts, told, productIds, ask } = market
  const shopper = market.shoppers[nth]
  if (!shopper) return
  const attributes: JsonObject = isEngraved ? { engraving: 'for you' } : {}
  const name = `addition ${nth} ${key}`
  told.additions.set(name, undefined)
  const call = { ...callOf(shopper), once: { key: name, fingerprint: '' } }
  const wanted = { productId: productIds[product] ?? '', quantity, attributes }
  const answer = await ask(() => carts.addItem(wanted, call))
  if (!answer) return
  told.additions.set(name, answer.cart.id)
  if (answer.newGuest) shopper.cartId = answer.cart.id
}

async function changeQuantity(
  market: Market,
  { shopper: nth, nth: line, quantity }: StepTo<'change a quantity'>,
) {
  const { carts, ask } = market
  const shopper = market.shoppers[nth]
  const cart = shopper && (await ask(() => carts.getCart({}, callOf(shopper))))?.cart
  const lineId = cart?.items[line % cart.items.length]?.lineId
  if (!shopper || !cart || lineId === undefined) return
  const wanted = { lineId, quantity, expectedVersion: cart.version }
  await ask(() => carts.changeItem(wanted, callOf(shopper)), counting(market, 'cart'))
}

async function giveCode(market: Market, { shopper: nth, code }: StepTo<'give a code'>): Promise<void> {
  const { carts, ask } = market
  const shopper = market.shoppers[nth]
  if (!shopper) return
  const wanted = { code: promotionCodes[code] ?? '' }
  await ask(() => carts.addPromotion(wanted, callOf(shopper)), counting(market, 'cart'))
}

/** The gateway merges the carts, and forgets the guest's. A cart that cannot be merged now stays the guest's. */
async function logIn(market: Market, { guest: nth, customer }: StepTo<'log in'>): Promise<void> {
  const { carts, ask } = market
  const [guest, user] = [market.shoppers[nth], market.shoppers[customer]]
  const guestCartId = guest?.cartId
  if (!guest || !user || guestCartId === undefined) return
  const answer = await ask(() => carts.mergeCarts({ guestCartId }, callOf(user)), counting(market, 'cart'))
  if (answer && guest.cartId === guestCartId) guest.cartId = undefined
}

async function reopen(market: Market, nth: number): Promise<void> {
  const { orders, ask } = market
  const shopper = market.shoppers[nth]
  if (shopper) await ask(() => orders.reopenCart({}, callOf(shopper)), counting(market, 'reopening'))
}

async function reprice({ inventory, admin, ask }: Market, id: string, cents: number): Promise<void> {
  const change = {
    id,
    priceMinor: String(cents),
    images: { replace: false, urls: [] },
    attributes: { replace: false },
  }
  await ask(() => inventory.updateProduct(change, admin))
}

const nowhere = {
  ...{ name: '', line1: '', line2: '', city: '', region: '', postalCode: '', country: '', phone: '' },
}
const address = {
  ...nowhere,
  name: 'Ada',
  line1: 'Main St 1',
  city: 'Springfield',
  postalCode: '97477',
  country,
}

/** Looks at the cart, says where it goes, and buys it for what was shown. */
async function checkOut(market: Market, step: StepTo<'check out'>): Promise<void> {
  const { carts, ask, told } = market
  const shopper = market.shoppers[step.shopper]
  if (!shopper) return
  const call = callOf(shopper)
  const found = (await ask(() => carts.getCart({}, call)))?.cart
  if (!found || found.items.length === 0) return
  const { methods = [] } = (await ask(() => carts.listShippingMethods({ country }, call))) ?? {}
  const shippingMethod = methods[step.key % methods.length]?.id
  const delivery = { address, ...(shippingMethod !== undefined && { shippingMethod }) }
  const seen =
    (await ask(() => carts.setDelivery({ delivery }, call), counting(market, 'cart')))?.cart ?? found
  const { how } = step
  const [first] = seen.items
  if (how === 'priced anew' && first)
    await reprice(market, first.productId, Number(first.unitPriceMinor) + 10)
  const total = BigInt(seen.totals.totalMinor) + (how === 'wrong total' ? 1n : 0n)
  const request: CheckoutRequest = {
    cartVersion: how === 'old version' ? seen.version - 1 : seen.version,
    expectedTotal: String(toDecimal(total, seen.currency)),
    email: shopper.userId === undefined ? shopper.email : '',
    ...{ deliveryAddress: nowhere, billingAddress: nowhere, shippingMethod: '' },
    ...{
      paymentMethod: step.method,
      paymentToken: step.token,
      returnUrl: 'http://shop/back',
      client: checkoutClient,
    },
  }
  const name = `checkout ${step.shopper} ${step.key} ${told.checkouts.length}`
  const once = step.hasKey ? { once: { key: name, fingerprint: '' } } : {}
  const checkout: Checkout = { request, call: { ...call, ...once }, seen, way: step, orders: [] }
  told.checkouts.push(checkout)
  await Promise.all([buy(market, checkout), how === 'twice' ? buy(market, checkout) : undefined])
}

async function buy(market: Market, { request, call, way, orders }: Checkout): Promise<void> {
  const { world, ask } = market
  const answer = await ask(() => market.orders.checkout(request, call), counting(market, 'checkout'))
  if (!answer) return
  world.count(answer.replayed ? 'checkout answered again' : 'checkout')
  const { id } = answer.order
  const isKnown = orders.some(({ orderId }) => orderId === id)
  const paymentId = answer.payment[0]?.id
  // Of an order that was there before, the newest payment is told.
  orders.push({ orderId: id, paymentId: answer.replayed ? undefined : paymentId })
  if (isKnown) return
  const { once: _, ...asked } = call
  const buyer: Call =
    asked.actor?.kind === 'user' ? asked : { ...asked, actor: { kind: 'buyer', orderId: id } }
  await market.bought({ id, call: buyer }, paymentId ?? '', way)
}

const counting =
  ({ world }: Market, what: string) =>
  ({ code }: Refusal): void =>
    world.count(`${what} refused: ${code}`)
