import {
  StockAdjustedSchema,
  StockRejectedSchema,
  StockReleasedSchema,
  StockReplacedSchema,
  StockReservedSchema,
  StockReturnedSchema,
} from '../../../gen/inventory/v1/events_pb.ts'
import type { Trace } from '../../../platform/call.ts'
import { eventType } from '../../../platform/event.ts'
import { outboxEvent, type OutboxEvent } from '../../../platform/outbox.ts'
import type { ReservationEvent } from '../domain/reservation.ts'
import type { StockAdjusted } from '../domain/stock.ts'

const stockAdjusted = eventType(StockAdjustedSchema)
const stockReserved = eventType(StockReservedSchema)
const stockRejected = eventType(StockRejectedSchema)
const stockReleased = eventType(StockReleasedSchema)
const stockReplaced = eventType(StockReplacedSchema)
const stockReturned = eventType(StockReturnedSchema)

export function encodeReservationEvent(event: ReservationEvent, occurredAt: Date, trace: Trace): OutboxEvent {
  const { orderId, version, lines, shortages, holdNo } = event.reservation
  // Nearly all are the first, which says nothing.
  const about = holdNo > 1 ? { orderId, holdNo } : { orderId }
  const factOf = <Data>(data: Data) => ({
    aggregateType: 'reservation',
    aggregateId: orderId,
    aggregateVersion: version,
    occurredAt,
    data,
  })
  switch (event.type) {
    case 'StockReserved':
      return outboxEvent(stockReserved, factOf({ lines, ...about }), trace)
    case 'StockRejected':
      return outboxEvent(stockRejected, factOf({ shortages, ...about }), trace)
    case 'StockReleased':
      return outboxEvent(stockReleased, factOf({ lines: event.lines, short: event.short, ...about }), trace)
    case 'StockReturned':
      return outboxEvent(
        stockReturned,
        factOf({ returnNo: event.returnNo, lines: event.lines, ...about }),
        trace,
      )
    case 'StockReplaced':
      return outboxEvent(
        stockReplaced,
        factOf({ shipmentId: event.shipmentId, lines: event.lines, ...about }),
        trace,
      )
  }
}

export function encodeStockAdjusted(
  { stock, adjustment }: StockAdjusted,
  at: Date,
  trace: Trace,
): OutboxEvent {
  const { productId, available, adjustments } = stock
  const { quantity, reason } = adjustment
  const fact = {
    aggregateType: 'stock',
    aggregateId: productId,
    aggregateVersion: adjustments,
    occurredAt: at,
    data: { productId, quantity, available, reason },
  }
  return outboxEvent(stockAdjusted, fact, trace)
}
