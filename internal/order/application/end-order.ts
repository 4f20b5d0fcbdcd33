import { traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { beginClosing } from '../domain/closing.ts'
import { withChange, type FileChange, type OrderFile } from '../domain/order-file.ts'
import { cancel, type Closing, type Order, type OrderId } from '../domain/order.ts'
import { finishClosing } from './close-orders.ts'
import type { OrderFiles } from './order-files.ts'
import type { Payments } from './payments.ts'
import { changeable } from './read-orders.ts'

export type EndDeps = {
  readonly files: OrderFiles
  readonly payments: Payments
  readonly now: () => Date
  /** Waits so many milliseconds; undefined: nobody waits. */
  readonly pause?: (ms: number) => Promise<void>
}

/** Cancels an order for whoever may see it; its gate closes first, so nobody can pay for it any more. */
export async function endOrder(deps: EndDeps, id: OrderId, closing: Closing, call: Call): Promise<Order> {
  const trace = traceOf(call)
  const begun = await deps.files.update({
    ...{ id, trace, once: call.once },
    decide: ({ order, ...rest }) => begin({ ...rest, order: changeable(order, call) }, closing, deps.now()),
    thingOf: ({ order }) => (order.closing ? undefined : order.id),
  })
  if (!begun?.order.closing) return changeable(begun?.order, call)
  const order = changeable(await finished(deps, begun, call), call)
  if (order.closing)
    throw new Refusal(
      'unavailable',
      'order.closing',
      'a payment of the order is under way; try again in a moment',
    )
  return order
}

/** How long a provider is waited for that has to call a payment back; it usually takes a moment. */
const waitsMs = [100, 200, 400, 800]

async function finished(deps: EndDeps, begun: OrderFile, call: Call): Promise<Order | undefined> {
  const finish = finishClosing(deps)
  const trace = traceOf(call)
  let ended = await finish(begun, trace, call.once)
  for (const ms of waitsMs) {
    if (!ended?.order.closing) break
    await deps.pause?.(ms)
    ended = await finish(ended, trace, call.once)
  }
  return ended?.order
}

/** Nobody can pay for a pending order, so it ends at once. */
function begin(file: OrderFile, closing: Closing, at: Date): FileChange | undefined {
  const { order } = file
  if (order.status !== 'pending') return beginClosing(file, closing)
  return withChange(file, cancel(order, closing.reason, at))
}
