import type { Act, Facts } from '../../platform/act.ts'
import type { FileChange, FileEvent, OrderFile } from '../domain/order-file.ts'

/**
 * What the log of who did what keeps of a change: an entry for each step that an event tells of, or one for what
 * has only begun: the end of an order, or sending a shipment again.
 */
export function actsOf(before: OrderFile, { state, events }: FileChange): readonly Act[] {
  if (events.length > 0) return events.map((event) => actOf(before, event))
  const { order, shipments } = state
  const resending = shipments.find((each) => each.resending && !before.shipments.includes(each))
  if (resending) {
    const { id, orderId, status } = resending
    return [{ what: 'shipment.resending', subjectId: id, after: { orderId, status } }]
  }
  if (!order.closing || before.order.closing) return []
  const after = { closing: order.closing.to, refund: order.closing.refund }
  return [{ what: 'order.closing', subjectId: order.id, after, reason: order.closing.reason }]
}

function actOf({ order, shipments, returns }: OrderFile, told: FileEvent): Act {
  if (told.of === 'shipment') {
    const { id, orderId, status } = told.event.shipment
    const before = shipments.find((each) => each.id === id)
    return { what: `shipment.${status}`, subjectId: id, before: factsOf(before), after: { orderId, status } }
  }
  if (told.of === 'return') {
    const { id, orderId, status } = told.event.return
    const before = returns.find((each) => each.id === id)
    return { what: `return.${status}`, subjectId: id, before: factsOf(before), after: { orderId, status } }
  }
  const { id, status, history } = told.event.order
  const reason = history.at(-1)?.reason ?? ''
  return {
    what: `order.${status}`,
    subjectId: id,
    before: { status: order.status },
    after: { status },
    reason,
  }
}

const factsOf = (
  thing: { readonly orderId: string; readonly status: string } | undefined,
): Facts | undefined => thing && { orderId: thing.orderId, status: thing.status }
