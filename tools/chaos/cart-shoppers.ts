import { setTimeout as sleep } from 'node:timers/promises'
import { cartSteps, type Bought, type CartSteps, type Holder, type Seen, type Shopper } from './cart-steps.ts'
import type { Item } from './history.ts'
import { logIn } from './log-in.ts'
import { patientClient } from './patient.ts'
import type { openPayers } from './payers.ts'
import type { Buyer, PayingOptions, Person } from './paying-steps.ts'
import type { ShopRules } from './shop-rules.ts'
import type { Ways } from './ways-to-pay.ts'

type Options = PayingOptions & {
  readonly rules: ShopRules
  readonly ways: Ways
  readonly payers: ReturnType<typeof openPayers>
  /** Nobody but these shoppers uses their carts. */
  readonly members: readonly Person[]
}

const [shareOfMembers, shareThatLogIn] = [0.4, 0.1]
/** Of those who log in: they look at their cart and leave. */
const shareThatOnlyLogIn = 0.3
const [shareTwice, shareThatLeave] = [0.15, 0.05]
const guestsEmails = 150
const mostRounds = 3

/** Buyers who fill a cart and check out: guests, customers, and guests who log in with their cart. */
export function openCartShoppers(options: Options) {
  const { random, payers, ways, members } = options
  const ask = patientClient(options)
  const steps = cartSteps({ ...options, ask })
  const free = [...members]

  async function fillAndBuy(shopper: Shopper, items: readonly Item[]): Promise<void> {
    const holder = await steps.add(await unlocked(steps, shopper.holder), items)
    if (!holder) return
    const isLoggingIn = shopper.user === undefined && random.next() < shareThatLogIn
    const own = isLoggingIn ? await logIn({ ...options, ask }, steps, holder, items) : { ...shopper, holder }
    if (!own || (isLoggingIn && random.next() < shareThatOnlyLogIn)) return
    let cart = await steps.complete(own.holder)
    if (random.next() < shareThatLeave) return
    for (let round = 0; cart?.id && cart.items.length > 0 && round < mostRounds; round++)
      cart = await buyOnce(own, cart)
  }

  /** Resolves with the cart if it is to be bought once more: it costs something else by now, or was taken back. */
  async function buyOnce(shopper: Shopper, cart: Seen): Promise<Seen | undefined> {
    const way = ways.pick(random)
    const times = random.next() < shareTwice ? random.integer(2, 3) : 1
    const replies = await steps.checkout(shopper, cart, way, times)
    const reply = replies.find((each) => each?.status === 201) ?? replies.find((each) => each !== undefined)
    if (reply?.code === 'checkout.total-changed') return (reply.body as { readonly cart: Seen }).cart
    if (reply?.status !== 201) return undefined
    const { order, payment, orderToken } = reply.body as Bought // an answer of our own API
    let again: Seen | undefined
    const reopen = async (): Promise<void> => {
      again = await steps.reopen(shopper.holder, cart.id ?? '', order.id)
    }
    await payers.pay(order.id, buyerOf(shopper.holder, orderToken), { payment, way, reopen })
    return again
  }

  return async (items: readonly Item[]): Promise<void> => {
    const place = random.integer(0, Math.max(0, free.length - 1))
    const [member] = random.next() < shareOfMembers ? free.splice(place, 1) : []
    if (!member) return fillAndBuy(guest(`guest-${random.integer(1, guestsEmails)}@example.com`), items)
    const { id: user, token } = member
    const shopper = { holder: { token }, user, email: `${user}@example.com` }
    await fillAndBuy(shopper, items).finally(() => free.push(member))
  }
}

const guest = (email: string): Shopper => ({ holder: {}, user: undefined, email })

/** A cart that is locked from the last time is taken back. */
async function unlocked(steps: CartSteps, holder: Holder): Promise<Holder> {
  if (!('token' in holder)) return holder
  const cart = await steps.look(holder)
  if (cart?.id && cart.status === 'locked' && cart.orderId !== undefined) {
    await steps.reopen(holder, cart.id, cart.orderId)
    await sleep(0)
  }
  return holder
}

/** Only a guest's order has a token. */
const buyerOf = (holder: Holder, orderToken: string | undefined): Buyer =>
  'token' in holder ? { token: holder.token } : { orderToken: orderToken ?? '' }
