import type { Refusal } from '../../platform/refusal.ts'
import type { Order } from '../domain/order.ts'
import type { Orders } from './orders.ts'
import type { Payments } from './payments.ts'
import { unknownOrder } from './settle-created-orders.ts'
import type { ToldOrder } from './stock.ts'

type Deps = { readonly orders: Orders; readonly payments: Payments }

/**
 * Has the money taken of orders of which something is packed, where it was only authorized. That something is packed is
 * read from the order. It may be repeated: the payments take nothing twice.
 */
export function capturePacked({ orders, payments }: Deps) {
  return async (told: readonly ToldOrder[]): Promise<readonly (Refusal | undefined)[]> => {
    const found = await Promise.all(told.map(({ orderId }) => orders.find(orderId)))
    const due = new Set(found.flatMap((order) => (order && isCaptureDue(order) ? [order.id] : [])))
    const trace = told[0]?.trace
    if (trace && due.size > 0) await payments.captureForGoods([...due], trace)
    return told.map(({ orderId }, place) => (found[place] ? undefined : unknownOrder(orderId)))
  }
}

/** Something of it is packed, and its money has not been taken. */
export const isCaptureDue = ({ lines, moneyTaken }: Order): boolean =>
  !moneyTaken && lines.some(({ packed }) => packed > 0)
