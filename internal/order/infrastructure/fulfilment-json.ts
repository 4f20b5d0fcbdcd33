import {
  ReturnApprovedSchema,
  ReturnCanceledSchema,
  ReturnClosedSchema,
  ReturnDeclinedSchema,
  ReturnExpiredSchema,
  ReturnReceivedSchema,
  ReturnRefundedSchema,
  ReturnRefusedSchema,
  ReturnRequestedSchema,
  ShipmentCanceledSchema,
  ShipmentDeliveredSchema,
  ShipmentLostSchema,
  ShipmentPackedSchema,
  ShipmentResentSchema,
  ShipmentReturnedSchema,
  ShipmentShippedSchema,
} from '../../gen/order/v1/fulfilment_events_pb.ts'
import type { ReturnSchema, ShipmentSchema } from '../../gen/order/v1/order_pb.ts'
import type { Trace } from '../../platform/call.ts'
import { eventType } from '../../platform/event.ts'
import { isoTime } from '../../platform/iso-time.ts'
import { outboxEvent, type OutboxEvent } from '../../platform/outbox.ts'
import type { Wire } from '../../platform/wire.ts'
import type { FileEvent } from '../domain/order-file.ts'
import type { Return, ReturnEvent } from '../domain/goods-back.ts'
import type { Shipment, ShipmentEvent } from '../domain/parcel.ts'
import { encodeOrderEvent } from './order-json.ts'

export function shipmentJson(shipment: Shipment): Wire<typeof ShipmentSchema> {
  const { id, orderId, status, lines, carrier, trackingNumber, trackingUrl, version } = shipment
  const history = stepsJson(shipment)
  const shown = { id, orderId, status, lines, carrier, trackingNumber, trackingUrl, history, version }
  return { ...shown, ...(shipment.replaces && { replaces: shipment.replaces }) }
}

export function returnJson(of: Return): Wire<typeof ReturnSchema> {
  const { id, orderId, status, lines, version, money, isWithdrawal } = of
  const shown = { id, orderId, status, lines, history: stepsJson(of), version, money }
  return { ...shown, ...(isWithdrawal && { withdrawal: true }) }
}

type Steps = { readonly history: readonly { readonly status: string; readonly at: Date }[] }

/** Also the form in which they are stored. */
export const stepsJson = ({ history }: Steps) =>
  history.map(({ status, at }) => ({ status, at: isoTime(at) }))

const shipmentTypes = {
  packed: eventType(ShipmentPackedSchema),
  shipped: eventType(ShipmentShippedSchema),
  delivered: eventType(ShipmentDeliveredSchema),
  lost: eventType(ShipmentLostSchema),
  returned: eventType(ShipmentReturnedSchema),
  resent: eventType(ShipmentResentSchema),
  canceled: eventType(ShipmentCanceledSchema),
} as const

const returnTypes = {
  requested: eventType(ReturnRequestedSchema),
  approved: eventType(ReturnApprovedSchema),
  declined: eventType(ReturnDeclinedSchema),
  canceled: eventType(ReturnCanceledSchema),
  received: eventType(ReturnReceivedSchema),
  expired: eventType(ReturnExpiredSchema),
  refunded: eventType(ReturnRefundedSchema),
  refused: eventType(ReturnRefusedSchema),
  closed: eventType(ReturnClosedSchema),
} as const

export function encodeFileEvent(told: FileEvent, trace: Trace, at: Date): OutboxEvent {
  switch (told.of) {
    case 'order':
      return encodeOrderEvent(told.event, trace)
    case 'shipment':
      return encodeShipmentEvent(told.event, trace, at)
    case 'return':
      return encodeReturnEvent(told.event, trace)
  }
}

/** Without what names a carrier or a person. A shipment may be recorded long after it left, its event may not. */
function encodeShipmentEvent({ type, shipment }: ShipmentEvent, trace: Trace, occurredAt: Date): OutboxEvent {
  const { id, orderId, lines, version, replaces } = shipment
  const fact = {
    ...{ aggregateType: 'shipment', aggregateId: id, aggregateVersion: version, occurredAt },
    data: { orderId, shipmentId: id, lines, ...(type === 'packed' && replaces && { replaces }) },
  }
  // All of these messages have the same fields, and the first one has one more.
  return outboxEvent(shipmentTypes[type] as typeof shipmentTypes.packed, fact, trace)
}

function encodeReturnEvent({ type, return: of }: ReturnEvent, trace: Trace): OutboxEvent {
  const { id, orderId, version, isWithdrawal, updatedAt: occurredAt } = of
  const lines = of.lines.map(({ lineId, productId, quantity, resellable, damaged }) => {
    return { lineId, productId, quantity, resellable, damaged }
  })
  const fact = {
    ...{ aggregateType: 'return', aggregateId: id, aggregateVersion: version, occurredAt },
    data: { orderId, returnId: id, lines, ...(type === 'requested' && isWithdrawal && { withdrawal: true }) },
  }
  return outboxEvent(returnTypes[type] as typeof returnTypes.requested, fact, trace)
}
