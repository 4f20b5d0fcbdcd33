import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Decisions } from './decisions.ts'
import { errorName, type Http, type Told } from '../shared/lean-http.ts'
import { basket, outcomes } from './outcomes.ts'
import { pauseAfterError } from './load.ts'
import { troubleOf } from '../shared/shop-client.ts'
import type { Measured, OrdersMeasured } from './work.ts'

export type Checkouts = {
  /** Fills the customer's cart, orders what is in it, and waits until it is paid. */
  readonly buy: (token: string, lines: number) => Promise<void>
  readonly reset: () => void
  readonly done: () => number
  readonly errors: () => Measured['errors']
  readonly measured: (startedAt: number) => OrdersMeasured
}

const patienceMs = 10_000
const askAgainMs = 100

type Cart = { readonly version: number; readonly totals: { readonly total: number } }

const address = {
  ...{ name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' },
}

/** How the shop sends to that address what is in the customer's cart. */
async function shippingMethodOf(http: Http, token: string): Promise<string> {
  const path = `/cart/shipping-methods?country=${address.country}`
  const { status, text } = await http.ask({
    method: 'GET',
    path,
    headers: { authorization: `Bearer ${token}` },
    isRead: true,
  })
  const [method] = status === 200 ? (JSON.parse(text) as Methods).data : []
  if (!method) throw new Error(`nothing is sent to ${address.country}: ${status} ${text}`)
  return method.id
}

type Methods = { readonly data: readonly { readonly id: string }[] }

/** Buys as a shop's front end does: it adds lines, says where they go, shows the total, and has it confirmed. */
export function checkouts(http: Http, decisions: Decisions, productIds: readonly string[]): Checkouts {
  const seen = outcomes(decisions)

  const shippingMethod = once((token: string) => shippingMethodOf(http, token))

  async function send(
    [method, path]: readonly ['POST' | 'PUT', string],
    token: string,
    body: object,
    isRead = false,
  ): Promise<Told | string> {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    }
    return http.ask({ method, path, headers, body: JSON.stringify(body), isRead }).catch(troubleOf)
  }

  /** The customer's last cart is given up a moment after its order was paid. Who shops on at once has to wait for that. */
  async function add(token: string, productId: string): Promise<Told | string> {
    for (const until = performance.now() + patienceMs; ;) {
      const told = await send(['POST', '/cart/items'], token, { productId, quantity: 1 })
      const isLocked = typeof told !== 'string' && told.text.includes('"cart.locked"')
      if (!isLocked || performance.now() > until) return told
      await sleep(askAgainMs)
    }
  }

  /** The cart with its lines and where they go. */
  async function fill(token: string, lines: number): Promise<Cart | Told | string> {
    for (const productId of basket(productIds, lines)) {
      const told = await add(token, productId)
      if (typeof told === 'string' || told.status !== 200) return told
    }
    const delivery = { address, shippingMethod: await shippingMethod(token) }
    const told = await send(['PUT', '/cart/delivery'], token, delivery, true)
    return typeof told === 'string' || told.status !== 200 ? told : (JSON.parse(told.text) as Cart)
  }

  async function trouble(told: Told | string): Promise<void> {
    seen.error(typeof told === 'string' ? told : errorName(told))
    await pauseAfterError()
  }

  return {
    async buy(token, lines) {
      const cart = await fill(token, lines)
      if (typeof cart === 'string' || 'text' in cart) return trouble(cart)
      const sentAt = performance.now()
      const told = await send(['POST', '/checkout'], token, {
        ...{ cartVersion: cart.version, expectedTotal: cart.totals.total },
        ...{ paymentMethod: 'card', paymentToken: 'pm_card_visa' },
      })
      const counted = seen.count(told, sentAt)
      if (!counted) return trouble(told)
      // Until then the customer's cart is the one that is being bought.
      if (counted !== 'turned away') await counted.decided
      return undefined
    },
    ...seen,
  }
}

/** The work of the first call, for all. */
function once<Input, Result>(work: (input: Input) => Promise<Result>): (input: Input) => Promise<Result> {
  let result: Promise<Result> | undefined
  return (input) => (result ??= work(input))
}
