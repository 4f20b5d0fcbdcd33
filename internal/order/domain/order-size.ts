import { maxMessageBytes } from '../../platform/message-size.ts'
import { Refusal } from '../../platform/refusal.ts'
import { jsonLength } from '../../platform/text.ts'
import type { Order } from './order.ts'

/** What an order gains after it was placed (a reason of 500 characters with each change of status), and the headers. */
const roomForLaterBytes = 40_000

/** An order, a line and a change of status as JSON, without their texts. */
const orderBytes = 500
const lineBytes = 250
const changeBytes = 80

/** So few lines fit whatever their products are called, so that those of nearly all orders need not be measured. */
const alwaysFittingLines = 500

/** An upper bound of the bytes that the order takes as JSON, in its events and in answers. */
export function orderSize({ lines, history }: Order): number {
  let bytes = orderBytes
  for (const { sku, name } of lines) bytes += lineBytes + jsonLength(sku) + jsonLength(name)
  for (const { reason } of history) bytes += changeBytes + jsonLength(reason)
  return bytes
}

/** An order whose events the broker would refuse could never be settled. */
export function refuseTooLarge(order: Order): void {
  if (order.lines.length <= alwaysFittingLines) return
  if (orderSize(order) <= maxMessageBytes - roomForLaterBytes) return
  throw new Refusal(
    'invalid',
    'order.too-large',
    'the names of its products make the order too large; place it in several orders',
  )
}
