import { requirePermission, requireBuyer, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { withChange, type OrderFile } from '../domain/order-file.ts'
import { advance, type Order, type OrderId, type OrderStatus } from '../domain/order.ts'
import { parseReason } from '../domain/reason.ts'
import type { ShipmentId } from '../domain/parcel.ts'
import { shipRest } from '../domain/shipment.ts'
import { endOrder, type EndDeps } from './end-order.ts'
import { payByHand } from './pay-by-hand.ts'
import type { Orders } from './orders.ts'
import { changeable } from './read-orders.ts'

type Deps = EndDeps & { readonly orders: Orders }

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
    requireBuyer(call)
    if (refund === 'none') requirePermission(call, 'orders:write')
    const reason = parseReason(input.reason)
    const { result, isReplay } = await doOnce(call.once, orders.findByRequest, () =>
      endOrder(deps, id, { to: 'canceled', reason, refund, since: deps.now() }, call),
    )
    return { result: changeable(result, call), isReplay }
  }
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
    requirePermission(call, 'orders:write')
    const [reason, trace] = [parseReason(input.reason), traceOf(call)]
    if (status === 'canceled')
      return endOrder(deps, id, { to: 'canceled', reason, refund: 'full', since: now() }, call)
    if (status === 'paid') requirePermission(call, 'payments:write')
    if (status === 'paid') return payByHand(deps)({ id, reference, reason }, call)
    if (status === 'shipped') {
      const wanted = { id: newShipmentId(), ...unsaid }
      const decide = (file: OrderFile) => shipRest(file, wanted, reason, now())
      return changeable((await files.update({ id, trace, decide }))?.order, call)
    }
    const decide = (file: OrderFile) => withChange(file, advance(file.order, status, reason, now()))
    return changeable((await files.update({ id, trace, decide }))?.order, call)
  }
}

/** Nobody has said how the parcel travels. */
const unsaid = { carrier: '', trackingNumber: '', trackingUrl: '' }
