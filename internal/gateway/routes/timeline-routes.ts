import { endpoint, type Endpoint } from '../endpoint.ts'
import { IdParams, refTo } from '../schemas.ts'
import type { AdminDeps } from './admin-routes.ts'
import { OrderTimeline, timelineBody } from './timeline-schemas.ts'

/** Why an order is where it is. */
export function timelineRoutes({ consumer }: Pick<AdminDeps, 'consumer'>): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/orders/:id/timeline',
      access: 'staff',
      permission: 'orders:read',
      tag: 'admin',
      id: 'getOrderTimeline',
      summary: 'Show everything that is stored about an order, oldest first, and what it waits for now',
      params: IdParams,
      status: 200,
      response: refTo(OrderTimeline),
      handle: async ({ params: { id } }, call) => ({
        body: timelineBody(id, await consumer.getOrderTimeline({ orderId: id }, call)),
      }),
    }),
  ]
}
