import type { Call, Trace } from '../../platform/call.ts'
import { togetherOrAlone } from '../../platform/one-by-one.ts'
import { Refusal } from '../../platform/refusal.ts'
import { isReceiptDue, supplyOf, type Supply } from '../domain/receipt.ts'
import type { OrderId } from '../domain/order.ts'
import type { Orders } from './orders.ts'
import { visible } from './read-orders.ts'
import { unknownOrder } from './settle-created-orders.ts'
import type { ToldOrder } from './stock.ts'

/** Who issues receipts, and which orders have none yet. The order does not look into a receipt. */
export type Receipts<Receipt> = {
  /** Once for each order, however often it is asked. */
  readonly issue: (supply: Supply, trace: Trace) => Promise<void>
  readonly list: (orderId: OrderId, call: Call) => Promise<readonly Receipt[]>
  readonly markIssued: (orderIds: readonly OrderId[]) => Promise<void>
  /** Orders whose receipt is due and that have had their status since before this time, oldest first. */
  readonly missingSince: (before: Date, limit: number) => Promise<readonly OrderId[]>
}

type Deps = {
  readonly orders: Pick<Orders, 'find'>
  readonly receipts: Pick<Receipts<unknown>, 'issue' | 'markIssued'>
}

/**
 * Has receipts issued for orders that are paid for, and notes that they have one. That a receipt is due is read from the
 * order and not from the message. Both steps may be repeated.
 */
export function issueReceipts({ orders, receipts }: Deps) {
  return async (told: readonly ToldOrder[]): Promise<readonly (Refusal | undefined)[]> => {
    const found = await Promise.all(told.map(({ orderId }) => orders.find(orderId)))
    const due = told.flatMap(({ trace }, index) => {
      const order = found[index]
      return order && isReceiptDue(order) ? [{ order, trace }] : []
    })
    const refused = new Map<OrderId, Refusal>()
    const issue = ({ order, trace }: (typeof due)[number]): Promise<void> =>
      receipts.issue(supplyOf(order), trace).catch((err: unknown) => {
        // One that can never be issued does not hold up the others.
        if (!(err instanceof Refusal && err.kind === 'invalid')) throw err
        refused.set(order.id, err)
      })
    await Promise.all(due.map(issue))
    const issued = due.map(({ order }) => order.id).filter((id) => !refused.has(id))
    if (issued.length > 0) await receipts.markIssued(issued)
    return told.map(({ orderId }, index) => (found[index] ? refused.get(orderId) : unknownOrder(orderId)))
  }
}

/** The receipts and credit notes of an order. */
export function listOrderReceipts<Receipt>({
  orders,
  receipts,
}: {
  readonly orders: Pick<Orders, 'find'>
  readonly receipts: Pick<Receipts<Receipt>, 'list'>
}) {
  return async (id: OrderId, call: Call): Promise<readonly Receipt[]> => {
    const order = visible(await orders.find(id), call, 'payments:read')
    return receipts.list(order.id, call)
  }
}

/** The same size as a batch of the consumer. */
const sweepBatch = 200

type SweepDeps = {
  readonly receipts: Pick<Receipts<unknown>, 'missingSince'>
  readonly issue: ReturnType<typeof issueReceipts>
  readonly now: () => Date
  readonly isOutage: (err: unknown) => boolean
  readonly report: (err: unknown) => void
}

/** Has receipts issued that no event has brought about: orders that had been shipped when they were paid for, and lost events. */
export function sweepReceipts({ receipts, issue, now, isOutage, report }: SweepDeps) {
  return async (olderThanSeconds: number) => {
    const missing = await receipts.missingSince(
      new Date(now().getTime() - olderThanSeconds * 1_000),
      sweepBatch,
    )
    const told = missing.map((orderId) => {
      return { orderId, trace: { correlationId: orderId, causationId: '', traceparent: '' } }
    })
    const ended = await togetherOrAlone(told, issue, isOutage)
    const faults = ended.flatMap((each) => (each.kind === 'answered' ? (each.answer ?? []) : [each.err]))
    for (const err of new Set(faults)) report(err)
    return { receipted: ended.length - faults.length }
  }
}
