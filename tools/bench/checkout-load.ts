import { checkouts } from './check-out.ts'
import type { Load } from './load.ts'
import { placingLoad } from './placing-load.ts'
import type { CheckoutWork } from './work.ts'

/** Each user fills a cart, pays by card, and goes on when the order is paid, which counts as settled. */
export function checkoutLoad(work: CheckoutWork): Promise<Load> {
  const { productIds, lines, buyers: customers } = work
  return placingLoad(
    { ...work, customers },
    {
      subjects: ['order.paid', 'order.rejected'],
      shopOf(http, decisions) {
        const { buy, ...shop } = checkouts(http, decisions, productIds)
        return { ...shop, buy: (token) => buy(token, lines) }
      },
    },
  )
}
