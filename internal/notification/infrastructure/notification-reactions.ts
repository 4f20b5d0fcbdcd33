import { eventType } from '../../platform/event.ts'
import { reactTo, reactToAny, type Delivered, type React } from '../../platform/reaction.ts'
import { isUuid, parseUuid } from '../../platform/uuid.ts'
import type { OrderId, Refs, UserId } from '../domain/delivery.ts'
import type { Channel, Kind } from '../domain/kinds.ts'
import { reminderOf, type Audience, type News } from '../domain/news.ts'
import { originOf } from './event-origin.ts'
import { events } from './notification-events.ts'

// Whoever can publish may have written a message. It is parsed only here. A mail goes to whom the order or the account
// is, whatever the event says.

export type TellPeople = (news: readonly News[]) => Promise<readonly undefined[]>

export function notificationReactions(tell: TellPeople): Readonly<Record<string, React>> {
  const tellAll = async (
    parsed: readonly (News | readonly News[] | undefined)[],
  ): Promise<readonly undefined[]> => {
    const news = parsed.flatMap((each) => each ?? [])
    if (news.length > 0) await tell(news)
    return parsed.map(() => undefined)
  }
  return {
    'tell-orders': reactToAny(parseOrderEvent, tellAll),
    'tell-shipments': reactToAny(parseShipmentEvent, tellAll),
    'tell-returns': reactToAny(parseReturnEvent, tellAll),
    'tell-welcome': reactTo(eventType(events.userCreated), parseUserCreated, tellAll),
    'tell-verification': reactTo(
      eventType(events.verificationRequested),
      ofRequest('account.email-verification'),
      tellAll,
    ),
    'tell-reset': reactTo(eventType(events.resetRequested), ofRequest('account.password-reset'), tellAll),
    'tell-payment-failed': reactTo(eventType(events.paymentFailed), parsePaymentFailed, tellAll),
    'tell-refunded': reactTo(eventType(events.refundSucceeded), parseRefund, tellAll),
    'tell-receipt': reactTo(eventType(events.receiptIssued), parseReceipt, tellAll),
    'tell-abandoned': reactTo(eventType(events.cartAbandoned), parseAbandoned, tellAll),
  }
}

const orderKinds: Readonly<Record<string, { readonly kind: Kind; readonly channels?: readonly Channel[] }>> =
  {
    'order.created': { kind: 'order.placed' },
    'order.confirmed': { kind: 'order.confirmed' },
    'order.rejected': { kind: 'order.rejected' },
    // The mail follows with the receipt.
    'order.paid': { kind: 'order.paid', channels: ['feed'] },
    'order.revived': { kind: 'order.paid', channels: ['feed'] },
  }

function parseOrderEvent(event: Delivered): News | readonly News[] | undefined {
  const told = orderKinds[subjectOf(event)]
  if (!told) return undefined
  const order = (event.data.order ?? {}) as Readonly<Record<'id' | 'userId' | 'holdUntil', unknown>>
  const orderId = orderIdOf(order.id)
  const { userId } = order
  const owner = typeof userId === 'string' && isUuid(userId) ? (userId as UserId) : undefined
  const news = newsOf(event, told.kind, { orderId, userId: owner }, { orderId })
  const holdUntil = told.kind === 'order.confirmed' ? timeIn(order.holdUntil) : undefined
  if (!holdUntil) return { ...news, ...channelsIn(told.channels) }
  return [news, { ...news, kind: 'order.hold-ending', notBefore: reminderOf(news.at, holdUntil) }]
}

function timeIn(text: unknown): Date | undefined {
  const time = typeof text === 'string' ? new Date(text) : undefined
  return time && !Number.isNaN(time.getTime()) ? time : undefined
}

const channelsIn = (channels: readonly Channel[] | undefined) => (channels === undefined ? {} : { channels })

function parseShipmentEvent(event: Delivered): News | undefined {
  const kind = ({ 'shipment.shipped': 'order.shipped', 'shipment.delivered': 'order.delivered' } as const)[
    subjectOf(event)
  ]
  if (!kind) return undefined
  const shipmentId = parseUuid(event.data.shipmentId, 'message.invalid-shipment', "a shipment's id")
  return ofOrder(event, kind, { shipmentId })
}

function parseReturnEvent(event: Delivered): News | undefined {
  const kind = (['requested', 'approved', 'declined', 'received', 'refunded'] as const)
    .map((status) => `return.${status}` as const)
    .find((each) => each === subjectOf(event))
  if (!kind) return undefined
  const returnId = parseUuid(event.data.returnId, 'message.invalid-return', "a return's id")
  return ofOrder(event, kind, { returnId })
}

const parsePaymentFailed = (event: Delivered): News => ofOrder(event, 'order.payment-failed', {})

function parseRefund(event: Delivered): News {
  const refundId = parseUuid(event.data.refundId, 'message.invalid-refund', "a refund's id")
  const { amountMinor } = event.data
  const isAmount = typeof amountMinor === 'string' && /^\d{1,18}$/.test(amountMinor)
  return ofOrder(event, 'order.refunded', { refundId, amountMinor: isAmount ? amountMinor : '0' })
}

/** A credit note goes along with the mail of its refund. */
function parseReceipt(event: Delivered): News | undefined {
  if (event.data.kind !== 'receipt') return undefined
  const receiptId = parseUuid(event.data.receiptId, 'message.invalid-receipt', "a receipt's id")
  return { ...ofOrder(event, 'order.paid', { receiptId }), channels: ['email'] }
}

/** Whoever makes accounts for staff tells them so. */
function parseUserCreated(event: Delivered): News | undefined {
  const userId = userIdOf(event.data.userId)
  return event.data.role === 'customer' ? newsOf(event, 'account.welcome', { userId }, {}) : undefined
}

const ofRequest =
  (kind: Kind) =>
  (event: Delivered): News => {
    const requestId = parseUuid(event.data.requestId, 'message.invalid-request', "a request's id")
    return newsOf(event, kind, { userId: userIdOf(event.data.userId) }, { requestId })
  }

/** Nobody knows the address of a guest who has not bought. */
function parseAbandoned(event: Delivered): News | undefined {
  const { userId } = event.data
  if (userId === undefined || userId === '') return undefined
  const cartId = parseUuid(event.data.cartId, 'message.invalid-cart', "a cart's id")
  return newsOf(event, 'cart.abandoned', { userId: userIdOf(userId) }, { cartId })
}

/** The event does not say whose the order is. */
function ofOrder(event: Delivered, kind: Kind, refs: Refs): News {
  const orderId = orderIdOf(event.data.orderId)
  return newsOf(event, kind, { orderId }, { orderId, ...refs })
}

const newsOf = (event: Delivered, kind: Kind, to: Audience, refs: Refs): News => ({
  ...originOf(event),
  ...{ kind, to, refs },
})

const subjectOf = ({ type }: Delivered): string => type.replace(/^tillstream\./, '').replace(/\.v\d+$/, '')

const userIdOf = (id: unknown): UserId => parseUuid(id, 'message.invalid-user', "a user's id") as UserId
const orderIdOf = (id: unknown): OrderId => parseUuid(id, 'message.invalid-order', "an order's id") as OrderId
