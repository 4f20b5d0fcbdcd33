import type { Order, OrderLine } from './order.ts'
import { shippingTotal, type Terms } from './terms.ts'

/** What a whole line comes to: after discounts, and with tax. */
export function lineTotal({ lines, terms }: Pick<Order, 'lines' | 'terms'>, index: number): bigint {
  const line = lines[index]
  return line ? line.unitPriceMinor * BigInt(line.quantity) + surcharge(terms, index) : 0n
}

/** What so many units of a line come to. Single units add up to the whole, whichever way they are counted. */
export const unitsTotal = (
  order: Pick<Order, 'lines' | 'terms'>,
  index: number,
  units: (line: OrderLine) => number,
): bigint => {
  const line = order.lines[index]
  return line ? (lineTotal(order, index) * BigInt(units(line))) / BigInt(line.quantity) : 0n
}

/** What is owed for so many units of each line, and for sending them, if there are any. */
export function owedFor(order: Pick<Order, 'lines' | 'terms'>, units: (line: OrderLine) => number): bigint {
  const goods = order.lines.reduce((sum, _, index) => sum + unitsTotal(order, index, units), 0n)
  const isSent = order.terms !== undefined && order.lines.some((line) => units(line) > 0)
  return goods + (order.terms && isSent ? shippingTotal(order.terms) : 0n)
}

/** A tax that prices do not include, less the discount. */
function surcharge(terms: Terms | undefined, index: number): bigint {
  const line = terms?.lines[index]
  if (!terms || !line) return 0n
  return (terms.isTaxIncluded ? 0n : line.taxMinor) - line.discountMinor
}
