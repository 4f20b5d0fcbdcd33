import { eventType } from '../../platform/event.ts'
import { reactTo, type Delivered, type React } from '../../platform/reaction.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Refs } from '../domain/delivery.ts'
import type { StaffKind } from '../domain/kinds.ts'
import type { StaffNews } from '../domain/news.ts'
import { originOf } from './event-origin.ts'
import { events } from './notification-events.ts'

export type TellStaff = (news: readonly StaffNews[]) => Promise<readonly undefined[]>

/** What those who run the shop are told of. Whoever can publish may have written a message, so texts are cut short. */
export const staffReactions = (tell: TellStaff): Readonly<Record<string, React>> => ({
  'tell-mismatch': reactTo(eventType(events.paymentMismatch), ofPayment('staff.payment-mismatch'), tell),
  'tell-dispute-opened': reactTo(eventType(events.disputeOpened), ofPayment('staff.dispute-opened'), tell),
  'tell-dispute-lost': reactTo(eventType(events.disputeLost), ofPayment('staff.dispute-lost'), tell),
  'tell-endpoint-paused': reactTo(eventType(events.endpointPaused), parsePaused, tell),
  'tell-dead-letter': reactTo(eventType(events.deadLetterAdded), parseDeadLetter, tell),
  'tell-low-stock': reactTo(eventType(events.stockLow), parseLowStock, tell),
})

const ofPayment =
  (kind: StaffKind) =>
  (event: Delivered): StaffNews => {
    const { orderId, paymentId } = event.data
    return newsOf(event, kind, {
      orderId: parseUuid(orderId, 'message.invalid-order', "an order's id"),
      paymentId: parseUuid(paymentId, 'message.invalid-payment', "a payment's id"),
    })
  }

function parsePaused(event: Delivered): StaffNews {
  const endpointId = parseUuid(event.data.endpointId, 'message.invalid-endpoint', "an endpoint's id")
  return newsOf(event, 'staff.endpoint-paused', { endpointId, reason: wordOf(event.data.reason) })
}

function parseDeadLetter(event: Delivered): StaffNews {
  const deadLetterId = parseUuid(event.data.deadLetterId, 'message.invalid-dead-letter', "a dead letter's id")
  const { subscription, code } = event.data
  const words = { subscription: wordOf(subscription), code: wordOf(code) }
  return newsOf(event, 'staff.dead-letter', { deadLetterId, ...words })
}

function parseLowStock(event: Delivered): StaffNews {
  const productId = parseUuid(event.data.productId, 'message.invalid-product', "a product's id")
  const { sku, available = 0 } = event.data // ProtoJSON leaves out a zero
  const words = { sku: wordOf(sku), available: Number.isInteger(available) ? String(available) : '' }
  return newsOf(event, 'staff.low-stock', { productId, ...words })
}

const longestWord = 100

/** One line, as it stands in a subject or a table. */
const wordOf = (value: unknown): string =>
  typeof value === 'string' ? value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, longestWord) : ''

const newsOf = (event: Delivered, kind: StaffKind, refs: Refs): StaffNews => ({
  ...originOf(event),
  ...{ kind, refs },
})
