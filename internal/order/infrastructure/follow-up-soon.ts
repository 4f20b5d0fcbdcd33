import type { Trace } from '../../platform/call.ts'
import type { Scope } from '../../platform/run.ts'
import { isDue, type followUp } from '../application/follow-up.ts'
import type { OrderFiles } from '../application/order-files.ts'
import type { Orders } from '../application/orders.ts'
import type { ToldOrder } from '../application/stock.ts'
import type { Order } from '../domain/order.ts'

type Stores = { readonly orders: Orders; readonly files: OrderFiles }

/** Calls to carts, pricing and payments that are under way at once. */
const atOnce = 16
/** More than that, and the sweeper does them. */
const maxWaiting = 10_000

/**
 * Stores that see to what an order leaves to be done (application/follow-up.ts) as soon as it is stored, without that
 * anybody waits for it. What fails, or is lost with the process, the sweeper does.
 */
export function followUpSoon(
  scope: Scope,
  { orders, files }: Stores,
  follow: ReturnType<typeof followUp>,
  report: (err: unknown) => void,
): Stores {
  const waiting: ToldOrder[] = []
  const underWay = new Set<Promise<unknown>>()
  scope.onClose('order follow-up', () => Promise.all(underWay))

  function next(): void {
    while (underWay.size < atOnce) {
      const told = waiting.shift()
      if (!told) return
      const work: Promise<unknown> = follow([told])
        .catch(report)
        .finally(() => {
          underWay.delete(work)
          next()
        })
      underWay.add(work)
    }
  }

  function see(order: Order | undefined, trace: Trace): void {
    if (!order || !isDue(order) || waiting.length >= maxWaiting) return
    waiting.push({ orderId: order.id, trace })
    next()
  }

  return {
    orders: {
      ...orders,
      async update(updates, once) {
        const after = await orders.update(updates, once)
        updates.forEach(({ trace }, index) => see(after[index], trace))
        return after
      },
    },
    files: {
      ...files,
      async update(wanted) {
        const after = await files.update(wanted)
        see(after?.order, wanted.trace)
        return after
      },
    },
  }
}
