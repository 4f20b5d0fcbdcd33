import type {
  ProductCreatedSchema,
  ProductDeletedSchema,
  ProductUpdatedSchema,
  StockAdjustedSchema,
  StockRejectedSchema,
  StockReleasedSchema,
  StockReservedSchema,
} from '../../gen/inventory/v1/events_pb.ts'
import type { Trace } from '../../platform/call.ts'
import { outboxEvent, type NewEvent, type OutboxEvent } from '../../platform/outbox.ts'
import type { Wire } from '../../platform/wire.ts'
import type { ProductEvent } from '../domain/product.ts'
import type { ReservationEvent } from '../domain/reservation.ts'
import type { StockAdjusted } from '../domain/stock.ts'
import { productJson } from './product-json.ts'

/** `available` is shown in the product. */
export function encodeProductEvents(
  events: readonly ProductEvent[],
  available: number,
  trace: Trace,
): readonly OutboxEvent[] {
  return events.map((event) => outboxEvent(productFact(event, available), trace, trace.causationId))
}

export function encodeReservationEvent(event: ReservationEvent, at: Date, trace: Trace): OutboxEvent {
  return outboxEvent(reservationFact(event, at), trace, trace.causationId)
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
    subject: 'stock.adjusted',
    occurredAt: at,
    data: { productId, quantity, available, reason } satisfies Wire<typeof StockAdjustedSchema>,
  }
  return outboxEvent(fact, trace, trace.causationId)
}

function productFact({ type, product }: ProductEvent, available: number): NewEvent {
  const aggregate = {
    aggregateType: 'product',
    aggregateId: product.id,
    aggregateVersion: product.version,
    occurredAt: product.updatedAt,
  }
  const whole = { product: productJson({ product, available }) }
  switch (type) {
    case 'ProductCreated':
      return {
        ...aggregate,
        subject: 'product.created',
        data: whole satisfies Wire<typeof ProductCreatedSchema>,
      }
    case 'ProductUpdated':
      return {
        ...aggregate,
        subject: 'product.updated',
        data: whole satisfies Wire<typeof ProductUpdatedSchema>,
      }
    case 'ProductDeleted': {
      const deletedAt = product.updatedAt.toISOString()
      const data = { productId: product.id, sku: product.sku, deletedAt } satisfies Wire<
        typeof ProductDeletedSchema
      >
      return { ...aggregate, subject: 'product.deleted', data }
    }
  }
}

function reservationFact(event: ReservationEvent, occurredAt: Date): NewEvent {
  const { orderId, version, lines, shortages } = event.reservation
  const aggregate = {
    aggregateType: 'reservation',
    aggregateId: orderId,
    aggregateVersion: version,
    occurredAt,
  }
  switch (event.type) {
    case 'StockReserved':
      return {
        ...aggregate,
        subject: 'stock.reserved',
        data: { orderId, lines } satisfies Wire<typeof StockReservedSchema>,
      }
    case 'StockRejected':
      return {
        ...aggregate,
        subject: 'stock.rejected',
        data: { orderId, shortages } satisfies Wire<typeof StockRejectedSchema>,
      }
    case 'StockReleased':
      return {
        ...aggregate,
        subject: 'stock.released',
        data: { orderId, lines: event.lines } satisfies Wire<typeof StockReleasedSchema>,
      }
  }
}
