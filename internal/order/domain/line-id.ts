import type { LineId, OrderId } from './order.ts'

/** The last four digits of a UUID are random in ours. */
const headLength = 32

/**
 * The id of a line follows from its order's id and its number, from 1 on: the digits at the end are changed by the
 * number. So lines of earlier orders have ids too, and none is stored. The line of another order has the same id only
 * if both orders' ids have the same first 112 bits.
 */
export function lineIdOf(orderId: OrderId, lineNo: number): LineId {
  return `${orderId.slice(0, headLength)}${changed(orderId, lineNo).toString(16).padStart(4, '0')}` as LineId
}

/** The number of the line with this id, or one that the order does not have. */
export function lineNoOf(orderId: OrderId, lineId: LineId): number {
  return lineId.startsWith(orderId.slice(0, headLength)) ? changed(orderId, tailOf(lineId)) : 0
}

const tailOf = (id: string): number => Number.parseInt(id.slice(headLength), 16)

const changed = (orderId: OrderId, by: number): number => tailOf(orderId) ^ by
