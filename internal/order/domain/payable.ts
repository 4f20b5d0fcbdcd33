import { Refusal } from '../../platform/refusal.ts'
import { lineIdOf } from './line-id.ts'
import { lineTotal } from './line-money.ts'
import { refuseClosing, type LineId, type Order, type OrderStatus } from './order.ts'
import { shippingTotal } from './terms.ts'

/** What a line comes to as it was ordered, and which of its units are not owed. */
export type LineMoney = {
  readonly lineId: LineId
  readonly quantity: number
  readonly totalMinor: bigint
  /** Units that were not found. */
  readonly short: number
  /** Units that came back and are refunded. */
  readonly returned: number
}

const payable: readonly OrderStatus[] = ['confirmed', 'paid', 'shipped', 'completed']

/**
 * What an order comes to, line by line. Its stock has to be held first: nobody pays for what there may not be. Whether
 * something of it is still owed, the payments know.
 */
export function owedLines(order: Order): readonly LineMoney[] {
  refuseUnpayable(order)
  if (order.paymentStatus === 'paid' || order.paymentStatus === 'overpaid') throw nothingDue()
  return pricedLines(order)
}

/** The same for money that has come already: the payments know whether it is the same money that they have. */
export function linesPaidByHand(order: Order): readonly LineMoney[] {
  refuseUnpayable(order)
  refuseClosing(order)
  // The word of an admin in an earlier version, of which the payments know nothing.
  if (order.gateVersion < 0) throw nothingDue()
  return pricedLines(order)
}

export function refuseUnpayable({ status }: Order): void {
  if (!payable.includes(status))
    throw new Refusal('conflict', `order.${status}`, `nobody can pay for a ${status} order`)
}

const nothingDue = (): Refusal => new Refusal('conflict', 'payment.nothing-due', 'the order owes nothing')

/** Of what came back, those who know of returns tell the payments (credited-lines.ts); they forget nothing. */
export function pricedLines(order: Order): readonly LineMoney[] {
  const goods = order.lines.map(({ id, quantity, canceled }, index) => ({
    ...{ lineId: id, quantity, totalMinor: lineTotal(order, index) },
    ...{ short: canceled, returned: 0 },
  }))
  return [...goods, ...shippingLine(order)]
}

/** Sending is a line of its own, of one unit. It has the number 0, which no line of goods has. */
function shippingLine({ id, terms, lines }: Order): readonly LineMoney[] {
  const totalMinor = terms ? shippingTotal(terms) : 0n
  if (totalMinor === 0n) return []
  const isNeeded = lines.some(({ quantity, canceled }) => canceled < quantity)
  return [{ lineId: lineIdOf(id, 0), quantity: 1, totalMinor, short: isNeeded ? 0 : 1, returned: 0 }]
}
