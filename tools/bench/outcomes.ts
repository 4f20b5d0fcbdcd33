import type { Decisions } from './decisions.ts'
import type { Told } from '../shared/lean-http.ts'
import { oneOf } from './load.ts'
import { createMeter, createTally } from '../shared/meter.ts'
import type { Measured, OrdersMeasured } from './work.ts'

/** What became of the orders that were sent. */
export type Outcomes = {
  /**
   * Counts an answer: an order that was accepted, which is waited for, or one that was turned away because the product
   * is sold out. Undefined when it was neither.
   */
  readonly count: (told: Told | string, sentAt: number) => Counted | undefined
  readonly error: (name: string) => void
  readonly reset: () => void
  readonly done: () => number
  readonly errors: () => Measured['errors']
  readonly measured: (startedAt: number) => OrdersMeasured
}

export type Counted = 'turned away' | { readonly id: string; readonly decided: Promise<void> }

export function outcomes(decisions: Decisions): Outcomes {
  const accept = createMeter()
  const errors = createTally()
  let turnedAway = 0
  return {
    count(told, sentAt) {
      if (typeof told === 'string') return undefined
      if (told.status === 201) {
        accept.record(performance.now() - sentAt)
        const id = told.location.slice('/orders/'.length)
        return { id, decided: decisions.expect(id, sentAt) }
      }
      if (!told.text.includes('"order.out-of-stock"')) return undefined
      turnedAway++
      return 'turned away'
    },
    error: errors.add,
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

/** Any of the products, each once. */
export function basket(productIds: readonly string[], lines: number): readonly string[] {
  const chosen = new Set<string>()
  while (chosen.size < Math.min(lines, productIds.length)) chosen.add(oneOf(productIds))
  return [...chosen]
}
