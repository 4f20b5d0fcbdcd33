import { Refusal } from '../../platform/refusal.ts'
import type { LineId, Order, OrderStatus } from './order.ts'

/** What a line comes to, less the units that were canceled. */
export type LineMoney = { readonly lineId: LineId; readonly quantity: number; readonly totalMinor: bigint }

const payable: readonly OrderStatus[] = ['confirmed', 'paid', 'shipped', 'completed']

/**
 * What an order comes to, line by line. Its stock has to be held first: nobody pays for what there may not be. Whether
 * something of it is still owed, the payments know.
 */
export function owedLines({ status, paymentStatus, lines }: Order): readonly LineMoney[] {
  if (!payable.includes(status))
    throw new Refusal('conflict', `order.${status}`, `nobody can pay for a ${status} order`)
  // An admin may have called it paid, of which the payments know nothing.
  if (paymentStatus === 'paid' || paymentStatus === 'overpaid')
    throw new Refusal('conflict', 'payment.nothing-due', 'the order owes nothing')
  return lines
    .map((line) => ({ lineId: line.id, quantity: line.quantity - line.canceled, price: line.unitPriceMinor }))
    .filter(({ quantity }) => quantity > 0)
    .map(({ lineId, quantity, price }) => ({ lineId, quantity, totalMinor: BigInt(quantity) * price }))
}
