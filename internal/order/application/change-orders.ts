import { requireAdmin, requireUser, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import { beginClosing } from '../domain/closing.ts'
import { withChange, type FileChange, type OrderFile } from '../domain/order-file.ts'
import { advance, cancel, type Closing, type Order, type OrderId, type OrderStatus } from '../domain/order.ts'
import { parseReason } from '../domain/reason.ts'
import type { ShipmentId } from '../domain/parcel.ts'
import { shipRest } from '../domain/shipment.ts'
import { finishClosing } from './close-orders.ts'
import { payByHand } from './pay-by-hand.ts'
import type { OrderFiles } from './order-files.ts'
import type { Orders } from './orders.ts'
import type { Payments } from './payments.ts'
import { visible } from './read-orders.ts'

type Deps = {
  readonly orders: Orders
  readonly files: OrderFiles
  readonly payments: Payments
  readonly now: () => Date
}

export type Cancel = {
  readonly id: OrderId
  readonly reason: string
  /** What becomes of money that was taken. Customers get all of it back. */
  readonly refund?: 'full' | 'none'
}

/**
 * Cancels an order for its customer or an admin. Its hold is released because of order.canceled. An order that can be
 * paid for closes first, until the payments have said that nobody pays any more.
 */
export function cancelOrder(deps: Deps) {
  const { orders } = deps
  return async ({ id, refund = 'full', ...input }: Cancel, call: Call): Promise<Done<Order>> => {
    requireUser(call)
    if (refund === 'none') requireAdmin(call)
    const reason = parseReason(input.reason)
    const { result, isReplay } = await doOnce(call.once, orders.findByRequest, () =>
      end(deps, id, { to: 'canceled', reason, refund, since: deps.now() }, call),
    )
    return { result: visible(result, call), isReplay }
  }
}

async function end(deps: Deps, id: OrderId, closing: Closing, call: Call): Promise<Order> {
  const trace = traceOf(call)
  const begun = await deps.files.update({
    ...{ id, trace, once: call.once },
    decide: ({ order, ...rest }) => begin({ ...rest, order: visible(order, call) }, closing, deps.now()),
    thingOf: ({ order }) => (order.closing ? undefined : order.id),
  })
  if (!begun?.order.closing) return visible(begun?.order, call)
  const ended = await finishClosing(deps)(begun, trace, call.once)
  const order = visible(ended?.order, call)
  if (order.closing)
    throw new Refusal(
      'unavailable',
      'order.closing',
      'a payment of the order is under way; try again in a moment',
    )
  return order
}

/** Nobody can pay for a pending order, so it ends at once. */
function begin(file: OrderFile, closing: Closing, at: Date): FileChange | undefined {
  const { order } = file
  if (order.status !== 'pending') return beginClosing(file, closing)
  return withChange(file, cancel(order, closing.reason, at))
}

type StatusDeps = Deps & { readonly newShipmentId: () => ShipmentId }

/**
 * Lets an admin record that an order was paid outside of providers, complete it, cancel it, or ship all that is left, if
 * that transition is allowed.
 */
export function changeOrderStatus(deps: StatusDeps) {
  const { files, newShipmentId, now } = deps
  type Input = {
    readonly id: OrderId
    readonly status: OrderStatus
    readonly reason: string
    readonly reference?: string
  }
  return async ({ id, status, reference = '', ...input }: Input, call: Call): Promise<Order> => {
    requireAdmin(call)
    const [reason, trace] = [parseReason(input.reason), traceOf(call)]
    if (status === 'canceled')
      return end(deps, id, { to: 'canceled', reason, refund: 'full', since: now() }, call)
    if (status === 'paid') return payByHand(deps)({ id, reference, reason }, call)
    if (status === 'shipped') {
      const wanted = { id: newShipmentId(), ...unsaid }
      const decide = (file: OrderFile) => shipRest(file, wanted, reason, now())
      return visible((await files.update({ id, trace, decide }))?.order, call)
    }
    const decide = (file: OrderFile) => withChange(file, advance(file.order, status, reason, now()))
    return visible((await files.update({ id, trace, decide }))?.order, call)
  }
}

/** Nobody has said how the parcel travels. */
const unsaid = { carrier: '', trackingNumber: '', trackingUrl: '' }
