import { Refusal } from '../../platform/refusal.ts'
import { withChange, withOrder, type FileChange, type OrderFile } from './order-file.ts'
import { cancel, expire, pay, refusePacked, type Closing, type Order } from './order.ts'

// An order that has to end asks for its money first: nobody may pay for it meanwhile, and who has paid keeps it. Until
// the answer it is closing, which its status does not show.

/** What the payments say of an order whose gate is to be closed. pending: somebody may still pay; ask again. */
export type GateOutcome = 'uncovered' | 'covered' | 'pending'

/** Begins the end of an order. Undefined: it has begun, or there is nothing to end. */
export function beginClosing(file: OrderFile, closing: Closing): FileChange | undefined {
  const { order } = file
  if (order.status === closing.to) return undefined
  if (order.status !== 'confirmed' && order.status !== 'paid')
    throw new Refusal(
      'conflict',
      `order.${order.status}`,
      `a ${order.status} order cannot become ${closing.to}`,
    )
  if (closing.to === 'canceled') refusePacked(order)
  // Whoever cancels an order that is about to expire has more to say than the clock.
  if (order.closing && (order.closing.to === 'canceled' || closing.to === 'expired')) return undefined
  return { state: withOrder(file, { ...order, closing }), events: [] }
}

/** The hold of an order that nobody has paid for is over. */
export function beginExpiry(file: OrderFile, at: Date): FileChange | undefined {
  const { status, closing, holdUntil } = file.order
  if (status !== 'confirmed' || closing || !holdUntil || holdUntil > at) return undefined
  return beginClosing(file, { to: 'expired', reason: '', refund: 'none', since: at })
}

/** Ends what `beginClosing` began. Undefined: somebody else has, or it is not known yet. */
export function endClosing(
  file: OrderFile,
  closing: Closing,
  outcome: GateOutcome,
  at: Date,
): FileChange | undefined {
  const { order } = file
  // It may have become a cancellation meanwhile; then the gate was asked for something else.
  if (outcome === 'pending' || order.closing?.to !== closing.to) return undefined
  const open: Order = { ...order, closing: undefined, holdUntil: undefined }
  return withChange(file, ended(open, closing, outcome, at))
}

function ended(order: Order, { to, refund, reason }: Closing, outcome: GateOutcome, at: Date) {
  const staysWhenCovered = to === 'expired' || refund === 'unless-covered'
  // It may have been paid before its cart was to be taken back.
  if (staysWhenCovered && outcome === 'covered')
    return order.status === 'paid' ? { state: order, events: [] } : pay(order, at)
  return to === 'canceled' ? cancel(order, reason, at) : expire(order, at)
}
