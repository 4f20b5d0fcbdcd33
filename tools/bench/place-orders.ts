import { randomUUID } from 'node:crypto'
import type { Decisions } from './decisions.ts'
import { errorName, type Http } from '../shared/lean-http.ts'
import { troubleOf } from '../shared/shop-client.ts'
import { pauseAfterError } from './load.ts'
import { basket, outcomes } from './outcomes.ts'
import type { Measured, OrdersMeasured } from './work.ts'

export type Buyers = {
  /** Places an order. Returns its id and its decision, or undefined when it was not accepted. */
  readonly buy: (
    token: string,
    lines: number,
  ) => Promise<{ readonly id: string; readonly decided: Promise<void> } | undefined>
  readonly reset: () => void
  readonly done: () => number
  readonly errors: () => Measured['errors']
  readonly measured: (startedAt: number) => OrdersMeasured
}

/** Places orders as a careful client does, each under its own idempotency key. */
export function buyers(http: Http, decisions: Decisions, productIds: readonly string[]): Buyers {
  const seen = outcomes(decisions)
  return {
    async buy(token, lines) {
      const sentAt = performance.now()
      const told = await http.ask(orderRequest(token, basket(productIds, lines))).catch(troubleOf)
      const counted = seen.count(told, sentAt)
      if (counted) return counted === 'turned away' ? undefined : counted
      seen.error(typeof told === 'string' ? told : errorName(told))
      await pauseAfterError()
      return undefined
    },
    ...seen,
  }
}

function orderRequest(token: string, productIds: readonly string[]) {
  return {
    method: 'POST',
    path: '/orders',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ items: productIds.map((productId) => ({ productId, quantity: 1 })) }),
  } as const
}
