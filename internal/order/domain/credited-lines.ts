import type { OrderFile } from './order-file.ts'
import { pricedLines, type LineMoney } from './payable.ts'

/**
 * The order's lines with all units so far that the customer does not have to pay for: not found, or returned and refunded.
 * A full withdrawal gives the delivery back.
 */
export function creditedLines({ order, returns }: OrderFile): readonly LineMoney[] {
  const refunded = returns.filter(({ money }) => money !== 'none').flatMap(({ lines }) => lines)
  const lines = pricedLines(order).map((line) => ({
    ...line,
    returned: refunded
      .filter(({ lineId }) => lineId === line.lineId)
      .reduce((sum, { resellable, damaged }) => sum + resellable + damaged, 0),
  }))
  const goods = lines.filter(({ lineId }) => order.lines.some(({ id }) => id === lineId))
  const isWithdrawn =
    goods.some(({ returned }) => returned > 0) &&
    goods.every(({ quantity, short, returned }) => short + returned === quantity)
  return isWithdrawn ? lines.map((line) => (goods.includes(line) ? line : { ...line, returned: 1 })) : lines
}

/** The shipments and returns because of which the payments have to be told. The versions are those that were seen. */
export const awaitingMoney = ({ shipments, returns }: OrderFile) => ({
  shipments: shipments.filter((shipment) => shipment.awaitingMoney),
  returns: returns.filter(({ money }) => money === 'due'),
})
