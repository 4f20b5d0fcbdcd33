import { returnUrlWith } from './end-state.ts'
import type { Item } from './history.ts'
import { isDone, type Ask } from './patient.ts'
import type { Payment, PayingOptions } from './paying-steps.ts'
import type { ShopRules } from './shop-rules.ts'
import type { Reply } from './shop-http.ts'
import type { WayToPay } from './ways-to-pay.ts'

/** Whose cart it is: a customer's, or a guest's, who has a token from the first item on. */
export type Holder = { readonly token: string } | { readonly cartToken: string } | Record<string, never>

/** A cart as its buyer has seen it. */
export type Seen = {
  readonly id: string | null
  readonly version: number
  readonly status: string
  readonly items: readonly Item[]
  readonly totals: { readonly total: number }
  readonly token?: string
  readonly orderId?: string
}

export type Shopper = {
  readonly holder: Holder
  /** Undefined for a guest. */
  readonly user: string | undefined
  readonly email: string
}

export type Bought = {
  readonly order: { readonly id: string }
  readonly payment?: Payment
  readonly orderToken?: string
}

type Options = Pick<PayingOptions, 'http' | 'random' | 'insist' | 'newKey'> & {
  readonly ask: Ask
  readonly rules: ShopRules
}

const address = (random: Options['random']) => ({
  ...{ name: 'Ada', line1: 'Keizersgracht 1', city: 'Amsterdam', postalCode: '1015 CJ' },
  country: random.pick(['NL', 'DE', 'FR']), // France has no rate
})
const shareWithCode = 0.35

/** What is done with one cart. */
export function cartSteps({ http, random, insist, newKey, ask, rules }: Options) {
  const seen = (reply: Reply | undefined): Seen | undefined =>
    isDone(reply) ? (reply.body as Seen) : undefined // an answer of our own API

  /** Puts things into the cart. Resolves with undefined when that was refused. */
  async function add(given: Holder, items: readonly Item[]): Promise<Holder | undefined> {
    let holder = given
    for (const body of items) {
      const key = newKey('item')
      const cart = seen(await ask({ method: 'POST', path: '/cart/items', ...holder, key, body }))
      if (!cart) return undefined
      // Nobody but a guest gets a token, and only with the first answer; whoever did not hear it has lost the cart.
      if (!('token' in holder) && !('cartToken' in holder)) {
        if (cart.token === undefined) return undefined
        holder = { cartToken: cart.token }
      }
    }
    return holder
  }

  /** Says where it goes, and gives a code now and then. Resolves with the cart as it is then. */
  async function complete(holder: Holder): Promise<Seen | undefined> {
    const body = { address: address(random), shippingMethod: random.pick(rules.shippingMethods) }
    const cart = seen(await ask({ method: 'PUT', path: '/cart/delivery', ...holder, body }))
    if (!cart || random.next() >= shareWithCode) return cart
    const code = { code: random.pick(rules.codes) }
    await ask({ method: 'POST', path: '/cart/promotions', ...holder, key: newKey('code'), body: code })
    return look(holder)
  }

  const look = async (holder: Holder) => seen(await ask({ method: 'GET', path: '/cart', ...holder }))

  /** Orders the cart at what the buyer has seen, `times` times at once. */
  async function checkout(shopper: Shopper, cart: Seen, way: WayToPay, times: number) {
    const { holder, user, email } = shopper
    const { id, version, totals } = cart
    const items = cart.items.map(({ productId, quantity }) => ({ productId, quantity }))
    const operation = {
      ...({ name: 'checkout', cart: id ?? '', version, items, total: totals.total } as const),
      ...(user === undefined ? {} : { user }),
    }
    const attempts = Array.from({ length: times }, () => {
      const key = newKey('checkout')
      const body = {
        ...{ cartVersion: version, expectedTotal: totals.total, email, paymentMethod: way.method },
        returnUrl: returnUrlWith(key),
        ...(way.token === '' ? {} : { paymentToken: way.token }),
      }
      const named = random.next() < 0.7 ? { key } : {} // the cart's version is enough
      return insist(key, operation, () =>
        http.send({ method: 'POST', path: '/checkout', ...holder, ...named, body }),
      )
    })
    return Promise.all(attempts)
  }

  /** Resolves with the cart if it was given back. */
  async function reopen(holder: Holder, cart: string, order: string): Promise<Seen | undefined> {
    const reply = await insist(newKey('reopen'), { name: 'reopen', cart, order }, () =>
      http.send({ method: 'POST', path: '/cart/reopen', ...holder, body: {} }),
    )
    const now = seen(reply)
    return now?.id === cart && now.status === 'active' ? now : undefined
  }

  return { add, complete, look, checkout, reopen }
}

export type CartSteps = ReturnType<typeof cartSteps>
