import { randomUUID } from 'node:crypto'
import type { Decisions } from './decisions.ts'
import { errorName, type Http } from '../shared/lean-http.ts'
import { troubleOf } from '../shared/shop-client.ts'
import { oneOf, pauseAfterError } from './load.ts'
import { createMeter, createTally } from '../shared/meter.ts'
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
  const accept = createMeter()
  const errors = createTally()
  let turnedAway = 0
  return {
    async buy(token, lines) {
      const sentAt = performance.now()
      const told = await http.ask(orderRequest(token, basket(productIds, lines))).catch(troubleOf)
      if (typeof told !== 'string' && told.status === 201) {
        accept.record(performance.now() - sentAt)
        const id = told.location.slice('/orders/'.length)
        return { id, decided: decisions.expect(id, sentAt) }
      }
      if (typeof told !== 'string' && told.text.includes('"order.out-of-stock"')) {
        turnedAway++
        return undefined
      }
      errors.add(typeof told === 'string' ? told : errorName(told))
      await pauseAfterError()
      return undefined
    },
    reset() {
      accept.reset()
      errors.reset()
      turnedAway = 0
    },
    done: () => accept.count() + turnedAway,
    errors: () => ({ ...errors.counts(), ...(decisions.open() > 0 ? { undecided: decisions.open() } : {}) }),
    measured: (startedAt) => ({
      accepted: accept.count(),
      accept: accept.latency(),
      turnedAway,
      settled: decisions.settled(),
      confirmed: decisions.confirmed(),
      settledSeconds: (decisions.lastAt() - startedAt) / 1_000,
      settle: decisions.settle(),
    }),
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

function basket(productIds: readonly string[], lines: number): readonly string[] {
  const chosen = new Set<string>()
  while (chosen.size < Math.min(lines, productIds.length)) chosen.add(oneOf(productIds))
  return [...chosen]
}
