import { Refusal } from '../../platform/refusal.ts'
import { lineIdOf } from './line-id.ts'
import { unitsTotal } from './line-money.ts'
import type { LineId, Order, OrderLine, OrderStatus } from './order.ts'
import { shippingTotal } from './terms.ts'

/** What a line comes to, less the units that were canceled. */
export type LineMoney = { readonly lineId: LineId; readonly quantity: number; readonly totalMinor: bigint }

const payable: readonly OrderStatus[] = ['confirmed', 'paid', 'shipped', 'completed']

/**
 * What an order comes to, line by line. Its stock has to be held first: nobody pays for what there may not be. Whether
 * something of it is still owed, the payments know.
 */
export function owedLines(order: Order): readonly LineMoney[] {
  const { status, paymentStatus } = order
  if (!payable.includes(status))
    throw new Refusal('conflict', `order.${status}`, `nobody can pay for a ${status} order`)
  // An admin may have called it paid, of which the payments know nothing.
  if (paymentStatus === 'paid' || paymentStatus === 'overpaid')
    throw new Refusal('conflict', 'payment.nothing-due', 'the order owes nothing')
  return [...goodsLines(order), ...shippingLine(order)]
}

const wanted = ({ quantity, canceled }: OrderLine): number => quantity - canceled

const goodsLines = (order: Order): readonly LineMoney[] =>
  order.lines
    .map((line, index) => {
      return { lineId: line.id, quantity: wanted(line), totalMinor: unitsTotal(order, index, wanted) }
    })
    .filter(({ quantity }) => quantity > 0)

/** Sending is a line of its own, of one unit. It has the number 0, which no line of goods has. */
function shippingLine({ id, terms }: Order): readonly LineMoney[] {
  const totalMinor = terms ? shippingTotal(terms) : 0n
  return totalMinor === 0n ? [] : [{ lineId: lineIdOf(id, 0), quantity: 1, totalMinor }]
}
