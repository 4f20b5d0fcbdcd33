import { lineTotal } from './line-money.ts'
import { newOrder, type NewOrder } from './new-order.ts'
import { changeOf, type Order, type OrderChange } from './order.ts'
import { refuseTooLarge } from './order-size.ts'
import { shippingTotal, type Buyer, type FirstPayment, type Terms } from './terms.ts'

export type Purchase = NewOrder & {
  readonly terms: Terms
  readonly buyer: Buyer
  /** Undefined when nothing is to be paid. */
  readonly firstPayment: FirstPayment | undefined
}

/** Makes an order of what a checkout has frozen. Its total is what its lines and its shipping come to. */
export function buy({ terms, buyer, firstPayment, ...rest }: Purchase, at: Date): OrderChange {
  // Who has bought something for nothing has paid.
  const paymentStatus = rest.totalMinor === 0n ? 'paid' : 'unpaid'
  const order: Order = { ...newOrder(rest, at), terms, buyer, firstPayment, paymentStatus }
  const parts = order.lines.reduce((sum, _, index) => sum + lineTotal(order, index), shippingTotal(terms))
  if (parts !== order.totalMinor)
    throw new Error(`the parts of order ${order.id} come to ${parts} and not to ${order.totalMinor}`)
  refuseTooLarge(order)
  return changeOf(order)
}
