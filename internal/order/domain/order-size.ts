import { maxMessageBytes } from '../../platform/message-size.ts'
import { largestMinor } from '../../platform/money.ts'
import { Refusal } from '../../platform/refusal.ts'
import { jsonLength, utf8Length } from '../../platform/text.ts'
import type { Order } from './order.ts'

/** What an order gains after it was placed (a reason of 500 characters with each change of status), and the headers. */
const roomForLaterBytes = 40_000

/** An order, a line and a change of status as JSON, without their texts. */
const orderBytes = 500
const lineBytes = 250
const changeBytes = 80

/** So few lines fit whatever their products are called, so that those of nearly all orders need not be measured. */
const alwaysFittingLines = 500

/** Addresses, and what a checkout has frozen, without the texts of promotions. */
const termsBytes = 8_000
const promotionBytes = 200

/** An upper bound of the bytes that the order takes as JSON, in its events and in answers. */
export function orderSize({ lines, history, terms }: Order): number {
  let bytes = orderBytes + sizeOfTerms(terms)
  for (const { sku, name } of lines) bytes += lineBytes + jsonLength(sku) + jsonLength(name)
  for (const { reason } of history) bytes += changeBytes + jsonLength(reason)
  return bytes
}

function sizeOfTerms(terms: Order['terms']): number {
  if (!terms) return 0
  let bytes = termsBytes
  for (const { attributes } of terms.lines) bytes += utf8Length(attributes)
  for (const { description } of terms.promotions) bytes += promotionBytes + jsonLength(description)
  return bytes
}

/** REST writes amounts as JSON numbers, which are exact up to here. */
const maxTotalMinor = BigInt(largestMinor)

/** An order whose events the broker would refuse could never be settled. */
export function refuseTooLarge(order: Order): void {
  if (order.totalMinor > maxTotalMinor)
    throw new Refusal('invalid', 'order.total-too-large', 'the total is too large')
  if (order.lines.length <= alwaysFittingLines && !order.terms) return
  if (orderSize(order) <= maxMessageBytes - roomForLaterBytes) return
  throw new Refusal(
    'invalid',
    'order.too-large',
    'the names of its products make the order too large; place it in several orders',
  )
}
