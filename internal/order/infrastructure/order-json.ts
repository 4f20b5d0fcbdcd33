import {
  OrderCanceledSchema,
  OrderCompletedSchema,
  OrderConfirmedSchema,
  OrderCreatedSchema,
  OrderExpiredSchema,
  OrderPaidSchema,
  OrderRejectedSchema,
  OrderRevivedSchema,
  OrderShippedSchema,
} from '../../gen/order/v1/events_pb.ts'
import type { OrderItemSchema, OrderSchema } from '../../gen/order/v1/order_pb.ts'
import type { Trace } from '../../platform/call.ts'
import { eventType } from '../../platform/event.ts'
import { isoTime } from '../../platform/iso-time.ts'
import { outboxEvent, type OutboxEvent } from '../../platform/outbox.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Order, OrderEvent, OrderLine } from '../domain/order.ts'
import { bareTermsJson } from './terms-json.ts'

/** The order in the form of the contract, as events tell it: without what is of a person. */
export function orderJson(order: Order): Wire<typeof OrderSchema> {
  return {
    id: order.id,
    ...(order.userId === undefined ? {} : { userId: order.userId }),
    status: order.status,
    items: order.lines.map(lineJson),
    totalMinor: String(order.totalMinor),
    currency: order.currency,
    createdAt: isoTime(order.createdAt),
    updatedAt: isoTime(order.updatedAt),
    history: historyJson(order),
    version: order.version,
    // What nothing has happened to says nothing: nearly all orders that are written are new.
    ...(order.fulfilmentStatus === 'none' ? {} : { fulfilmentStatus: order.fulfilmentStatus }),
    ...(order.returnStatus === 'none' ? {} : { returnStatus: order.returnStatus }),
    ...(order.paymentStatus === 'unpaid' ? {} : { paymentStatus: order.paymentStatus }),
    flags: [...order.flags],
    ...(order.holdUntil ? { holdUntil: isoTime(order.holdUntil) } : {}),
    terms: order.terms ? [bareTermsJson(order.terms)] : [],
    buyer: [],
  }
}

/** The history in the form of the contract, which is also the form in which it is stored. */
export const historyJson = ({ history }: Order) =>
  history.map(({ status, at, reason }) => ({ status, at: isoTime(at), reason }))

// The fields are copied one by one, because each order is written several times and a rest pattern is much slower.
function lineJson(line: OrderLine): Wire<typeof OrderItemSchema> {
  const { id, productId, sku, name, quantity, unitPriceMinor, packed, shipped, canceled, returned } = line
  const json = { lineId: id, productId, sku, name, quantity, unitPriceMinor: String(unitPriceMinor) }
  return packed + canceled === 0 ? json : { ...json, packed, shipped, canceled, returned }
}

/** Each change of status has its own type of event. The change to pending is order.created, from expired order.revived. */
const eventTypes = {
  pending: eventType(OrderCreatedSchema),
  confirmed: eventType(OrderConfirmedSchema),
  rejected: eventType(OrderRejectedSchema),
  paid: eventType(OrderPaidSchema),
  shipped: eventType(OrderShippedSchema),
  completed: eventType(OrderCompletedSchema),
  canceled: eventType(OrderCanceledSchema),
  expired: eventType(OrderExpiredSchema),
  revived: eventType(OrderRevivedSchema),
} as const

/** The events of the hot path. Their history has no reason that a person has written. */
const isDecidedByUs = (type: OrderEvent['type']): boolean =>
  type === 'pending' || type === 'confirmed' || type === 'rejected'

/** Whoever cancels an order may write anything as the reason, and an event is read by every subscriber. */
function withoutWords(order: Order) {
  const json = orderJson(order)
  return { ...json, history: json.history.map((change) => ({ ...change, reason: '' })) }
}

export function encodeOrderEvent({ type, order }: OrderEvent, trace: Trace): OutboxEvent {
  const fact = {
    aggregateType: 'order',
    aggregateId: order.id,
    aggregateVersion: order.version,
    occurredAt: order.updatedAt,
    data: { order: isDecidedByUs(type) ? orderJson(order) : withoutWords(order) },
  }
  // All of these messages consist of the order and nothing else.
  return outboxEvent(eventTypes[type] as typeof eventTypes.pending, fact, trace)
}
