import { toRefusal } from '../../platform/outage.ts'
import type { releaseCanceledOrders } from '../application/release-canceled-orders.ts'
import type { settleCreatedOrders } from '../application/settle-created-orders.ts'
import { parseCanceledOrder, parseCreatedOrder } from './parse-message.ts'
import { batchHandler, type Subscription } from './subscription.ts'

/** Everything that is listened to. */
export function subscriptionsOf(
  settle: ReturnType<typeof settleCreatedOrders>,
  release: ReturnType<typeof releaseCanceledOrders>,
): readonly Subscription[] {
  return [
    {
      name: 'settle-created',
      stream: 'ORDERS',
      subject: 'order.created',
      handle: batchHandler(parseCreatedOrder, settle, isOutage),
    },
    {
      name: 'release-canceled',
      stream: 'ORDERS',
      subject: 'order.canceled',
      handle: batchHandler(
        parseCanceledOrder,
        async (canceled) => {
          await release(canceled.map(({ orderId }) => orderId))
          return []
        },
        isOutage,
      ),
    },
  ]
}

const isOutage = (err: unknown): boolean => toRefusal(err).kind === 'unavailable'
