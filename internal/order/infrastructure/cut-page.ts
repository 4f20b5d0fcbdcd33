import type { OrderPage } from '../application/orders.ts'
import type { Order } from '../domain/order.ts'

/** Lines that are read for a page at most, for they may be far more than one answer has room for. */
const maxLinesOfPage = 2_000

/** The first orders of those that were found, which are one more than wanted when others follow. */
export function cutPage(found: readonly Order[], limit: number): OrderPage {
  let lines = 0
  const fitting = found.findIndex((order) => (lines += order.lines.length) > maxLinesOfPage)
  const orders = found.slice(0, Math.min(limit, fitting < 0 ? found.length : Math.max(1, fitting)))
  return { orders, next: orders.length < found.length ? orders.at(-1)?.id : undefined }
}
