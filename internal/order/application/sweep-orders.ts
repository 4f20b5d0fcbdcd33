import { togetherOrAlone, type Ended } from '../../platform/one-by-one.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Orders } from './orders.ts'
import type { releaseCanceledOrders } from './release-canceled-orders.ts'
import type { settleCreatedOrders } from './settle-created-orders.ts'

type Deps = {
  readonly orders: Orders
  readonly settle: ReturnType<typeof settleCreatedOrders>
  readonly release: ReturnType<typeof releaseCanceledOrders>
  readonly now: () => Date
  readonly isOutage: (err: unknown) => boolean
  /** Is called with each fault that kept orders from being settled or released. */
  readonly report: (err: unknown) => void
}

/** The same size as a batch of the consumer. */
const sweepBatch = 200

/**
 * Finds orders in the database that an event should have settled or released by now, and does it without the event. An
 * order that cannot be settled or released does not hold up the others.
 */
export function sweepOrders({ orders, settle, release, now, isOutage, report }: Deps) {
  return async (olderThanSeconds: number) => {
    const before = new Date(now().getTime() - olderThanSeconds * 1_000)
    const overdue = await orders.pendingSince(before, sweepBatch)
    const unreleased = await orders.unreleasedSince(before, sweepBatch)
    const endings = [
      await togetherOrAlone(overdue, settle, isOutage),
      await togetherOrAlone(unreleased, release, isOutage),
    ] as const
    for (const err of faultsOf(endings.flat())) report(err)
    const [settled, released] = endings
    return { settled: done(settled), released: done(released) }
  }
}

/** What was refused is not done: it was not to be, or not now. */
const done = (endings: readonly Ended<unknown>[]): number =>
  endings.filter((ending) => ending.kind === 'answered' && !(ending.answer instanceof Refusal)).length

/** Each distinct fault, because an outage is the fault of many orders. */
function faultsOf(endings: readonly Ended<unknown>[]): ReadonlySet<unknown> {
  return new Set(endings.flatMap((ending) => (ending.kind === 'answered' ? [] : [ending.err])))
}
