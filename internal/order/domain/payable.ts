import { Refusal } from '../../platform/refusal.ts'
import { refuseClosing, type LineId, type Order, type OrderStatus } from './order.ts'

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
export function pricedLines({ lines }: Order): readonly LineMoney[] {
  return lines.map(({ id, quantity, unitPriceMinor, canceled }) => ({
    ...{ lineId: id, quantity, totalMinor: BigInt(quantity) * unitPriceMinor },
    ...{ short: canceled, returned: 0 },
  }))
}
