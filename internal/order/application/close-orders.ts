import type { Once, Trace } from '../../platform/call.ts'
import { someAtOnce } from '../../platform/some-at-once.ts'
import { beginExpiry, endClosing, type GateOutcome } from '../domain/closing.ts'
import type { OrderFile } from '../domain/order-file.ts'
import { owedFor } from '../domain/line-money.ts'
import type { OrderId } from '../domain/order.ts'
import type { OrderFiles } from './order-files.ts'
import type { Payments } from './payments.ts'

type Deps = { readonly files: OrderFiles; readonly payments: Payments; readonly now: () => Date }

/**
 * Each of them waits for its rows and for the payments, so they wait together: as many as share one statement. While another
 * writer is quicker each takes a connection of its own, for which the others queue.
 */
const atOnce = 50

export type ClosingOrder = { readonly orderId: OrderId; readonly trace: Trace }

/**
 * Ends an order that is closing: asks for its money, then ends it as the answer says. Each step may be repeated, so a
 * crash between them only lets the sweeper go on. The key of the request is stored with the end.
 */
export function finishClosing({ files, payments, now }: Deps) {
  return async ({ order }: OrderFile, trace: Trace, once?: Once): Promise<OrderFile | undefined> => {
    const { closing } = order
    if (!closing) return files.find(order.id)
    // What was packed is the customer's, and has its price.
    const outcome: GateOutcome = await payments.closeGate({
      ...{ orderId: order.id, reason: closing.to, keepMinor: owedFor(order, ({ packed }) => packed), trace },
      refund: closing.to === 'canceled' && closing.refund !== 'unless-covered' ? closing.refund : undefined,
    })
    const decide = (file: OrderFile) => endClosing(file, closing, outcome, now())
    const thingOf = (file: OrderFile) => (file.order.closing ? undefined : file.order.id)
    return files.update({ id: order.id, trace, once, thingOf, decide })
  }
}

/** Orders that began to end some time ago, and did not. */
export function resumeClosing(deps: Deps) {
  const finish = finishClosing(deps)
  return async (closing: readonly ClosingOrder[]): Promise<readonly undefined[]> => {
    await someAtOnce(closing, atOnce, async ({ orderId, trace }) => {
      const file = await deps.files.find(orderId)
      if (file) await finish(file, trace)
    })
    return closing.map(() => undefined)
  }
}

/** Expires orders whose hold is over and that nobody has paid for. */
export function expireOrders(deps: Deps) {
  const finish = finishClosing(deps)
  return async (ended: readonly ClosingOrder[]): Promise<readonly undefined[]> => {
    await someAtOnce(ended, atOnce, async ({ orderId, trace }) => {
      const file = await deps.files.update({
        ...{ id: orderId, trace },
        decide: (before) => beginExpiry(before, deps.now()),
      })
      if (file?.order.closing) await finish(file, trace)
    })
    return ended.map(() => undefined)
  }
}
