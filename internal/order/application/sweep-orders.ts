import { togetherOrAlone, type Ended } from '../../platform/one-by-one.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { bookReturnedGoods } from './book-returned-goods.ts'
import type { creditGoods } from './credit-goods.ts'
import type { expireOrders, resumeClosing } from './close-orders.ts'
import type { Checkouts } from './checkouts.ts'
import { untoldOrder, type followUp } from './follow-up.ts'
import type { OrderFiles } from './order-files.ts'
import type { Orders } from './orders.ts'
import type { reapLocks } from './reap-locks.ts'
import type { recordShipped } from './record-shipped.ts'
import type { resumeResending } from './resend-shipments.ts'
import type { releaseUnneeded } from './release-canceled-orders.ts'
import type { reviveOrders } from './revive-orders.ts'
import type { settleCreatedOrders } from './settle-created-orders.ts'

type Deps = {
  readonly orders: Orders
  readonly files: OrderFiles
  readonly settle: ReturnType<typeof settleCreatedOrders>
  readonly release: ReturnType<typeof releaseUnneeded>
  readonly book: ReturnType<typeof bookReturnedGoods>
  readonly record: ReturnType<typeof recordShipped>
  readonly credit: ReturnType<typeof creditGoods>
  readonly resume: ReturnType<typeof resumeClosing>
  readonly expire: ReturnType<typeof expireOrders>
  /** Orders of carts whose follow-up is overdue. */
  readonly untold: Checkouts['untoldSince']
  readonly followUp: ReturnType<typeof followUp>
  readonly resend: ReturnType<typeof resumeResending>
  readonly reap: ReturnType<typeof reapLocks>
  readonly revive: ReturnType<typeof reviveOrders>
  readonly now: () => Date
  readonly isOutage: (err: unknown) => boolean
  /** Is called with each fault that kept orders from being settled or released. */
  readonly report: (err: unknown) => void
}

/** The same size as a batch of the consumer. */
const sweepBatch = 200

/**
 * Finds in the database what an event should have brought about by now, and does it without the event: orders are
 * settled or released, returned goods are booked, the payments are told of units that are not owed, and parcels
 * for which goods were waited for leave. It ends holds, and
 * goes on with orders that are closing or reviving. An order that cannot be handled does not hold up the others.
 */
export function sweepOrders(deps: Deps) {
  const { orders, files, settle, release, book, record, credit, resume, expire, revive } = deps
  const { followUp: follow, now, isOutage, report } = deps
  return async (olderThanSeconds: number) => {
    const before = new Date(now().getTime() - olderThanSeconds * 1_000)
    const overdue = await orders.pendingSince(before, sweepBatch)
    const unreleased = await orders.unreleasedSince(before, sweepBatch)
    const unbooked = (await files.unbookedSince(before, sweepBatch)).map(({ return: { id }, trace }) => {
      return { returnId: id, trace }
    })
    const uncredited = (await files.uncreditedSince(before, sweepBatch)).map(untoldOrder)
    const unrecorded = await files.withoutShipments(sweepBatch)
    const closing = (await files.closingSince(before, sweepBatch)).map(untoldOrder)
    const ended = (await files.heldTooLong(now(), sweepBatch)).map(untoldOrder)
    const late = (await files.toRevive(before, now(), sweepBatch)).map(untoldOrder)
    const resending = await files.resendingSince(before, sweepBatch)
    const untold = (await deps.untold(before, sweepBatch)).map(untoldOrder)
    const endings = [
      await togetherOrAlone(overdue, settle, isOutage),
      await togetherOrAlone(unreleased, release, isOutage),
      await togetherOrAlone(unbooked, book, isOutage),
      await togetherOrAlone(unrecorded, record, isOutage),
      await togetherOrAlone(closing, resume, isOutage),
      await togetherOrAlone(ended, expire, isOutage),
      await togetherOrAlone(untold, follow, isOutage),
      await togetherOrAlone(uncredited, credit, isOutage),
      await togetherOrAlone(late, revive, isOutage),
      await togetherOrAlone(resending, deps.resend, isOutage),
    ] as const
    for (const err of faultsOf(endings.flat())) report(err)
    const [settled, released, booked, recorded, resumed, expired, told, credited, revived, resent] = endings
    return {
      ...{ settled: done(settled), released: done(released) },
      ...{ booked: done(booked), recorded: done(recorded) },
      ...{ resumed: done(resumed), expired: done(expired), credited: done(credited) },
      ...{
        revived: done(revived),
        resent: done(resent),
        told: done(told),
        reaped: await deps.reap().catch(failed(report)),
      },
    }
  }
}

/** Carts are another service's, whose outage holds up nothing else. */
const failed =
  (report: Deps['report']) =>
  (err: unknown): number => {
    report(err)
    return 0
  }

/** What was refused is not done: it was not to be, or not now. */
const done = (endings: readonly Ended<unknown>[]): number =>
  endings.filter((ending) => ending.kind === 'answered' && !(ending.answer instanceof Refusal)).length

/** Each distinct fault, because an outage is the fault of many orders. */
function faultsOf(endings: readonly Ended<unknown>[]): ReadonlySet<unknown> {
  return new Set(endings.flatMap((ending) => (ending.kind === 'answered' ? [] : [ending.err])))
}
