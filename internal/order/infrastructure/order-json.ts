import {
  OrderCanceledSchema,
  OrderCompletedSchema,
  OrderConfirmedSchema,
  OrderCreatedSchema,
  OrderPaidSchema,
  OrderRejectedSchema,
  OrderShippedSchema,
} from '../../gen/order/v1/events_pb.ts'
import type { OrderSchema } from '../../gen/order/v1/order_pb.ts'
import type { Trace } from '../../platform/call.ts'
import { eventType } from '../../platform/event.ts'
import { isoTime } from '../../platform/iso-time.ts'
import { outboxEvent, type OutboxEvent } from '../../platform/outbox.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Order, OrderEvent, OrderLine } from '../domain/order.ts'

/** The order as the contract has it, for calls and for events. */
export function orderJson(order: Order): Wire<typeof OrderSchema> {
  return {
    id: order.id,
    userId: order.userId,
    status: order.status,
    items: order.lines.map(lineJson),
    totalMinor: String(order.totalMinor),
    currency: order.currency,
    createdAt: isoTime(order.createdAt),
    updatedAt: isoTime(order.updatedAt),
    history: historyJson(order),
    version: order.version,
  }
}

/** As the contract has it, and as it is stored. */
export const historyJson = ({ history }: Order) =>
  history.map(({ status, at, reason }) => ({ status, at: isoTime(at), reason }))

// Each order is written several times: field by field takes half the time of "the rest of it".
function lineJson({ productId, sku, name, quantity, unitPriceMinor }: OrderLine) {
  return { productId, sku, name, quantity, unitPriceMinor: String(unitPriceMinor) }
}

/** Each change of status is an event of its own; the change to pending is order.created. */
const eventTypes = {
  pending: eventType(OrderCreatedSchema),
  confirmed: eventType(OrderConfirmedSchema),
  rejected: eventType(OrderRejectedSchema),
  paid: eventType(OrderPaidSchema),
  shipped: eventType(OrderShippedSchema),
  completed: eventType(OrderCompletedSchema),
  canceled: eventType(OrderCanceledSchema),
} as const

export function encodeOrderEvent({ type, order }: OrderEvent, trace: Trace): OutboxEvent {
  const fact = {
    aggregateType: 'order',
    aggregateId: order.id,
    aggregateVersion: order.version,
    occurredAt: order.updatedAt,
    data: { order: orderJson(order) },
  }
  // Each of these messages holds the order and nothing else.
  return outboxEvent(eventTypes[type] as typeof eventTypes.pending, fact, trace)
}
