import type { Load } from './load.ts'
import { buyers } from './place-orders.ts'
import { placingLoad } from './placing-load.ts'
import type { OrdersWork } from './work.ts'

/** An order counts as settled when its stock is decided. */
export function ordersLoad(work: OrdersWork): Promise<Load> {
  const { productIds, lines, orders: customers, waits = false } = work
  return placingLoad(
    { ...work, customers },
    {
      subjects: ['order.confirmed', 'order.rejected'],
      shopOf(http, decisions) {
        const { buy, ...shop } = buyers(http, decisions, productIds)
        return {
          ...shop,
          async buy(token) {
            const order = await buy(token, lines)
            if (waits) await order?.decided
          },
        }
      },
    },
  )
}
