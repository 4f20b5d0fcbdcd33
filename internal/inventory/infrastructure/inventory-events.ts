import {
  ProductCreatedSchema,
  ProductDeletedSchema,
  ProductUpdatedSchema,
  StockAdjustedSchema,
  StockRejectedSchema,
  StockReleasedSchema,
  StockReservedSchema,
} from '../../gen/inventory/v1/events_pb.ts'
import type { Trace } from '../../platform/call.ts'
import { eventType } from '../../platform/event.ts'
import { outboxEvent, type OutboxEvent } from '../../platform/outbox.ts'
import type { ProductEvent } from '../domain/product.ts'
import type { ReservationEvent } from '../domain/reservation.ts'
import type { StockAdjusted } from '../domain/stock.ts'
import { productJson } from './product-json.ts'

const productCreated = eventType(ProductCreatedSchema)
const productUpdated = eventType(ProductUpdatedSchema)
const productDeleted = eventType(ProductDeletedSchema)
const stockAdjusted = eventType(StockAdjustedSchema)
const stockReserved = eventType(StockReservedSchema)
const stockRejected = eventType(StockRejectedSchema)
const stockReleased = eventType(StockReleasedSchema)

/** `available` is shown in the product. */
export function encodeProductEvent(
  { type, product }: ProductEvent,
  available: number,
  trace: Trace,
): OutboxEvent {
  const aggregate = {
    aggregateType: 'product',
    aggregateId: product.id,
    aggregateVersion: product.version,
    occurredAt: product.updatedAt,
  }
  const whole = { ...aggregate, data: { product: productJson({ product, available }) } }
  switch (type) {
    case 'ProductCreated':
      return outboxEvent(productCreated, whole, trace)
    case 'ProductUpdated':
      return outboxEvent(productUpdated, whole, trace)
    case 'ProductDeleted': {
      const deletedAt = product.updatedAt.toISOString()
      const data = { productId: product.id, sku: product.sku, deletedAt }
      return outboxEvent(productDeleted, { ...aggregate, data }, trace)
    }
  }
}

export function encodeReservationEvent(event: ReservationEvent, occurredAt: Date, trace: Trace): OutboxEvent {
  const { orderId, version, lines, shortages } = event.reservation
  const aggregate = {
    aggregateType: 'reservation',
    aggregateId: orderId,
    aggregateVersion: version,
    occurredAt,
  }
  switch (event.type) {
    case 'StockReserved':
      return outboxEvent(stockReserved, { ...aggregate, data: { orderId, lines } }, trace)
    case 'StockRejected':
      return outboxEvent(stockRejected, { ...aggregate, data: { orderId, shortages } }, trace)
    case 'StockReleased':
      return outboxEvent(stockReleased, { ...aggregate, data: { orderId, lines: event.lines } }, trace)
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
