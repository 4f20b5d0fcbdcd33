import { randomUUID } from 'node:crypto'
import type { Decisions } from './decisions.ts'
import { errorName, type Http, type Told } from '../shared/lean-http.ts'
import { basket, outcomes } from './outcomes.ts'
import { pauseAfterError } from './load.ts'
import { troubleOf } from '../shared/shop-client.ts'
import type { Measured, OrdersMeasured } from './work.ts'

export type Checkouts = {
  /** Fills the customer's cart and orders what is in it. */
  readonly buy: (token: string, lines: number) => Promise<void>
  readonly reset: () => void
  readonly done: () => number
  readonly errors: () => Measured['errors']
  readonly measured: (startedAt: number) => OrdersMeasured
}

type Cart = { readonly version: number; readonly totals: { readonly total: number } }

const deliveryAddress = {
  ...{ name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' },
}

/** Buys as a shop's front end does: it adds lines, shows the total, and has it confirmed. */
export function checkouts(http: Http, decisions: Decisions, productIds: readonly string[]): Checkouts {
  const seen = outcomes(decisions)

  async function post(token: string, path: string, body: object, isRead = false): Promise<Told | string> {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    }
    const request = { method: 'POST', path, headers, body: JSON.stringify(body), isRead } as const
    return http.ask(request).catch(troubleOf)
  }

  /** The cart after the last of the lines. */
  async function fill(token: string, lines: number): Promise<Cart | Told | string> {
    let cart: Cart | undefined
    for (const productId of basket(productIds, lines)) {
      const told = await post(token, '/cart/items', { productId, quantity: 1 }, true)
      if (typeof told === 'string' || told.status !== 200) return told
      cart = JSON.parse(told.text) as Cart
    }
    return cart ?? 'no lines'
  }

  async function trouble(told: Told | string): Promise<void> {
    seen.error(typeof told === 'string' ? told : errorName(told))
    await pauseAfterError()
  }

  return {
    async buy(token, lines) {
      const cart = await fill(token, lines)
      if (typeof cart === 'string' || 'status' in cart) return trouble(cart)
      const sentAt = performance.now()
      const told = await post(token, '/checkout', {
        ...{ cartVersion: cart.version, expectedTotal: cart.totals.total, deliveryAddress },
        ...{ paymentMethod: 'card', paymentToken: 'pm_card_visa' },
      })
      if (!seen.count(told, sentAt)) await trouble(told)
    },
    ...seen,
  }
}
