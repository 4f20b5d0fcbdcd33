import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { problemOf, sendAs, type Session } from './accounts.ts'
import { differs } from './domain/compare.ts'
import { isPaidByCard, moneyOf, ownTerms, type Pricing } from './domain/invoice-money.ts'
import type { PlannedInvoice } from './domain/plan.ts'
import type { SettledOrder } from './domain/settled-order.ts'
import { byCustomer } from './domain/through.ts'
import { otherOrder, settledOrder, type Placed, type ShownOrder } from './orders.ts'
import { ReplayFailure } from './replay-failure.ts'
import type { Rest } from './rest.ts'
import type { SessionOf, Way } from './way.ts'
import type { ShopAnswer } from '../shared/shop-client.ts'

export type CheckoutWay = {
  readonly rest: Rest
  readonly admin: Session
  readonly sessionOf: SessionOf
  readonly file: string
  readonly shippingMethod: string
  readonly pricing: Omit<Pricing, 'isTaxIncluded'>
}

/** Much longer than it takes until an order knows of its money, also on a machine that does other things. */
const patienceMs = 600_000
const pauseMs = 50

/**
 * Through a cart and `POST /checkout`. An order is found again by the e-mail address, which has the invoice's number; the
 * number is the idempotency key besides, so that a request which is still under way in an earlier run cannot buy twice.
 */
export function throughCheckout(deps: CheckoutWay): Way {
  const shop = { isTaxIncluded: false }
  return {
    isPlaced: async ({ invoice }) => (await findBought(deps, invoice)) !== undefined,
    async place(order, ids) {
      const earlier = await findBought(deps, order.invoice)
      return earlier ? placedBefore(order, earlier) : buy(deps, shop, order, ids)
    },
    chains: byCustomer,
    isAtRest,
  }
}

/** A card is charged at once, or its payment has failed. Who ordered on invoice pays later. */
function isAtRest({ status, shown: { email = '', paymentStatus } }: SettledOrder): boolean {
  const [invoice = ''] = email.split('@')
  const isAwaited = /^\d+$/.test(invoice) && isPaidByCard(invoice) && awaitsCard.includes(paymentStatus)
  return status !== 'pending' && !(status === 'confirmed' && isAwaited)
}

const awaitsCard = ['unpaid', 'pending', 'authorized']

const emailOf = (invoice: string): string => `${invoice}@replay.example`

async function findBought({ rest, admin }: CheckoutWay, invoice: string): Promise<SettledOrder | undefined> {
  const path = `/orders?limit=2&email=${encodeURIComponent(emailOf(invoice))}`
  const answer = await sendAs(rest, admin, { method: 'GET', path })
  if (answer.status !== 200)
    throw new ReplayFailure(`invoice ${invoice} cannot be looked up: ${problemOf(answer)}`)
  const [first, second] = (answer.body as { readonly data: readonly ShownOrder[] }).data
  if (second) throw new ReplayFailure(`invoice ${invoice} was bought twice: ${first?.id} and ${second.id}`)
  return first && settledOrder(first)
}

function placedBefore(order: PlannedInvoice, { id, lines }: SettledOrder): Placed {
  if (!differs(order, lines)) return { kind: 'placed', orderId: id, isNew: false }
  const text = `invoice ${order.invoice}: it was bought with other lines, as order ${id}`
  return { kind: 'failed', problem: { code: otherOrder, text } }
}

/** Whether prices include taxes, as far as it has been seen. */
type Shop = { isTaxIncluded: boolean }

async function buy(
  deps: CheckoutWay,
  shop: Shop,
  order: PlannedInvoice,
  ids: ReadonlyMap<string, string>,
): Promise<Placed> {
  const session = deps.sessionOf(order.customer)
  await emptyCart(deps, session)
  const version = await fillCart(deps, session, order, ids)
  const { invoice } = order
  const answer = await checkOut(deps, session, shop, order, version)
  if (answer.status === 201) {
    const bought = (answer.body as { readonly order: ShownOrder }).order
    return { kind: 'placed', orderId: bought.id, isNew: !answer.isReplay }
  }
  if (answer.code === 'order.out-of-stock') return { kind: 'turned away' }
  // An earlier run's request under this key has come to its end meanwhile.
  const earlier = answer.status === 422 ? await findBought(deps, invoice) : undefined
  if (earlier) return placedBefore(order, earlier)
  return { kind: 'failed', problem: { code: answer.code, text: `invoice ${invoice}: ${problemOf(answer)}` } }
}

/** The shop's settings say whether prices include taxes; which of the two it is, it tells by the total that it takes. */
async function checkOut(
  deps: CheckoutWay,
  session: Session,
  shop: Shop,
  order: PlannedInvoice,
  cartVersion: number,
): Promise<ShopAnswer> {
  const send = (isTaxIncluded: boolean): Promise<ShopAnswer> => {
    const body = checkoutBody(deps, order, cartVersion, isTaxIncluded)
    return sendAs(deps.rest, session, { method: 'POST', path: '/checkout', key: order.invoice, body })
  }
  const first = await send(shop.isTaxIncluded)
  if (first.code !== 'checkout.total-changed') return first
  const second = await send(!shop.isTaxIncluded)
  if (second.status === 201) shop.isTaxIncluded = !shop.isTaxIncluded
  return second
}

type Cart = {
  readonly version: number
  readonly status: string
  readonly items: readonly unknown[]
  readonly orderId?: string
}

/** Waits until the customer has paid for the cart before, and takes out what a run that was interrupted has left. */
async function emptyCart(deps: CheckoutWay, session: Session): Promise<void> {
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    const cart = await askCart(deps, session, { method: 'GET', path: '/cart' })
    if (cart.status !== 'locked') {
      if (cart.items.length > 0) await askCart(deps, session, { method: 'DELETE', path: '/cart' })
      return
    }
    if (cart.orderId !== undefined) await refuseUnpaid(deps, cart.orderId)
    if (performance.now() > giveUpAt)
      throw new ReplayFailure(`a cart is still locked after ${patienceMs / 1_000} s`)
    await sleep(pauseMs)
  }
}

/** Nobody would pay for it, and its customer's other invoices would wait until its hold is over. */
async function refuseUnpaid({ rest, admin }: CheckoutWay, orderId: string): Promise<void> {
  const answer = await sendAs(rest, admin, { method: 'GET', path: `/orders/${orderId}` })
  const { paymentStatus } = (answer.body ?? {}) as { readonly paymentStatus?: string }
  if (answer.status === 200 && paymentStatus === 'failed')
    throw new ReplayFailure(
      `order ${orderId} could not be paid for. A shop takes few payments from one address: ` +
        'start it with PAYMENT_ATTEMPTS_PER_HOUR=100000.',
    )
}

/** One line after the other, as a customer does. Returns the cart's version. */
async function fillCart(
  deps: CheckoutWay,
  session: Session,
  { lines }: PlannedInvoice,
  ids: ReadonlyMap<string, string>,
): Promise<number> {
  let version = 0
  for (const [sku, quantity] of lines) {
    // The key is a new one each time: a cart that was emptied has to take the line again.
    const [key, productId] = [randomUUID(), ids.get(sku) ?? randomUUID()]
    const body = { productId, quantity }
    version = (await askCart(deps, session, { method: 'POST', path: '/cart/items', key, body })).version
  }
  return version
}

async function askCart(
  { rest }: CheckoutWay,
  session: Session,
  request: Parameters<Rest['send']>[0],
): Promise<Cart> {
  const answer = await sendAs(rest, session, request)
  if (answer.status === 200) return answer.body as Cart // the API documents this shape
  throw new ReplayFailure(`${request.method} ${request.path}: ${problemOf(answer)}`)
}

/** The total is what the file says. The shop refuses the checkout when its own differs. */
function checkoutBody(
  { file, shippingMethod, pricing }: CheckoutWay,
  { invoice, lines }: PlannedInvoice,
  cartVersion: number,
  isTaxIncluded: boolean,
) {
  const { total } = moneyOf(lines, { ...pricing, isTaxIncluded })
  const place = { city: 'Port Lockroy', postalCode: 'BFPO 9', country: ownTerms.country }
  return {
    ...{ cartVersion, shippingMethod, email: emailOf(invoice) },
    expectedTotal: Number(`${total}e-${pricing.decimals}`),
    deliveryAddress: { name: `Invoice ${invoice}`, line1: '1 Goudier Island', line2: file, ...place },
    ...(isPaidByCard(invoice)
      ? { paymentMethod: 'card', paymentToken: 'pm_card_visa' }
      : { paymentMethod: 'invoice' }),
  }
}
