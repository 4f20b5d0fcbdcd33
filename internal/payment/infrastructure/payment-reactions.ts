import { OrderCanceledSchema, OrderRejectedSchema } from '../../gen/order/v1/events_pb.ts'
import { eventType } from '../../platform/event.ts'
import { reactTo, type Delivered, type React } from '../../platform/reaction.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { closeEndedOrders, EndedOrder } from '../application/gates.ts'
import type { OrderId } from '../domain/ids.ts'

/** The order's own word that it is over. */
export function paymentReactions(
  closeEnded: ReturnType<typeof closeEndedOrders>,
): Readonly<Record<string, React>> {
  return {
    'close-canceled': reactTo(eventType(OrderCanceledSchema), ended('canceled'), closeEnded),
    'close-rejected': reactTo(eventType(OrderRejectedSchema), ended('rejected'), closeEnded),
  }
}

const ended =
  (reason: string) =>
  ({ data, trace }: Delivered): EndedOrder => {
    const id = (data.order as { readonly id?: unknown } | undefined)?.id
    return { orderId: parseUuid(id, 'message.invalid-order', "an order's id") as OrderId, reason, trace }
  }
