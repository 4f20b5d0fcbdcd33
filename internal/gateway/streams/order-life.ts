import type { OrderSchema } from '../../gen/order/v1/order_pb.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Wire } from '../../platform/wire.ts'
import type { StreamEvent } from './event-stream.ts'

type LifeEvent = StreamEvent & { readonly id: string }

type Order = Wire<typeof OrderSchema>

/** What a client has seen of an order: so many changes of its status, and how far money and goods were. */
export type Seen = { readonly changes: number; readonly progress: string }

/** Of an order that was just placed. */
export const nothingSeen: Seen = { changes: 0, progress: 'unpaid-none-none' }

/** Its changes, and the statuses of payment, fulfilment and returns: 2.paid-partial-none. */
export const eventIdPattern = '^[0-9]{1,6}\\.[a-z_]{1,30}-[a-z_]{1,30}-[a-z_]{1,30}$'

const idOf = ({ changes, progress }: Seen): string => `${changes}.${progress}`

/** The id matches the pattern. Refuses with stream.unknown-event-id one that says more than has happened. */
export function seenIn(lastEventId: string, { history }: Order): Seen {
  const [changes = '', progress = ''] = lastEventId.split('.')
  if (Number(changes) > history.length)
    throw new Refusal('invalid', 'stream.unknown-event-id', 'the Last-Event-ID is not one of this order')
  return { changes: Number(changes), progress }
}

/**
 * What has happened since. Each change of status is an event. Of money and goods only the state is known, so it is told
 * when it is another one than was told last.
 */
export function eventsSince(
  order: Order,
  seen: Seen,
): { readonly events: readonly LifeEvent[]; readonly seen: Seen } {
  const { id: orderId, history, updatedAt: at } = order
  const { paymentStatus = 'unpaid', fulfilmentStatus = 'none', returnStatus = 'none' } = order
  const changes = history.slice(seen.changes).map((change, index): LifeEvent => {
    const id = idOf({ changes: seen.changes + index + 1, progress: seen.progress })
    const { status, reason } = change
    const data = { orderId, status, at: change.at, ...(reason === '' ? {} : { reason }) }
    return { id, event: `order.${status}`, data }
  })
  const now = { changes: history.length, progress: `${paymentStatus}-${fulfilmentStatus}-${returnStatus}` }
  if (now.progress === seen.progress) return { events: changes, seen: now }
  const data = { orderId, paymentStatus, fulfilmentStatus, returnStatus, at }
  return { events: [...changes, { id: idOf(now), event: 'order.progress', data }], seen: now }
}
