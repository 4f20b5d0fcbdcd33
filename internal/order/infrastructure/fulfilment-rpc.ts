import type { OrderService } from '../../gen/order/v1/order_pb.ts'
import { isoTime } from '../../platform/iso-time.ts'
import { fittingLists } from '../../platform/message-size.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { resendShipment } from '../application/resend-shipments.ts'
import type { changeReturn, listReturns, requestReturn } from '../application/return-goods.ts'
import type {
  changeShipment,
  createShipment,
  listShipmentsOfOrders,
  trackOrder,
} from '../application/ship-orders.ts'
import type { LineId } from '../domain/order.ts'
import { returnStates, type ReturnId } from '../domain/goods-back.ts'
import { conditions } from '../domain/return.ts'
import { saidStatuses, type ShipmentId } from '../domain/parcel.ts'
import { returnJson, shipmentJson } from './fulfilment-json.ts'
import { orderIdOf, orderIdsOf } from './order-ids.ts'

export type FulfilmentApp = {
  readonly createShipment: ReturnType<typeof createShipment>
  readonly changeShipment: ReturnType<typeof changeShipment>
  readonly resendShipment: ReturnType<typeof resendShipment>
  readonly trackOrder: ReturnType<typeof trackOrder>
  readonly listShipmentsOfOrders: ReturnType<typeof listShipmentsOfOrders>
  readonly requestReturn: ReturnType<typeof requestReturn>
  readonly changeReturn: ReturnType<typeof changeReturn>
  readonly listReturns: ReturnType<typeof listReturns>
}

export function fulfilmentRpc(app: FulfilmentApp) {
  return {
    async createShipment(request, call) {
      const { carrier, trackingNumber, trackingUrl } = request
      const lines = request.lines.map(({ lineId, quantity, short }) => {
        return { lineId: lineIdOf(lineId), quantity, isShort: short }
      })
      const isShipped = oneOf(['packed', 'shipped'] as const, request.status, 'shipment') === 'shipped'
      const { result, isReplay } = await app.createShipment(
        { orderId: orderIdOf(request.orderId), lines, isShipped, carrier, trackingNumber, trackingUrl },
        call,
      )
      return { shipment: shipmentJson(result), replayed: isReplay }
    },
    async changeShipment({ id, status }, call) {
      const input = {
        id: shipmentIdOf(id),
        status: oneOf(saidStatuses, status, 'shipment'),
      }
      return { shipment: shipmentJson(await app.changeShipment(input, call)) }
    },
    async resendShipment({ id, fromStock, carrier, trackingNumber, trackingUrl }, call) {
      const wanted = { id: shipmentIdOf(id), isFromStock: fromStock, carrier, trackingNumber, trackingUrl }
      const { result, isReplay } = await app.resendShipment(wanted, call)
      return { shipment: shipmentJson(result), replayed: isReplay }
    },
    ...readingRpc(app),
    async requestReturn({ orderId, lines, withdrawal = false }, call) {
      const wanted = lines.map(({ lineId, quantity, reason }) => {
        return { lineId: lineIdOf(lineId), quantity, reason }
      })
      const { result, isReplay } = await app.requestReturn(
        { orderId: orderIdOf(orderId), lines: wanted, isWithdrawal: withdrawal },
        call,
      )
      return { return: returnJson(result), replayed: isReplay }
    },
    async changeReturn({ id, status, lines }, call) {
      const input = {
        id: parseUuid(id, 'return.invalid-id', "a return's id") as ReturnId,
        status: oneOf(returnStates, status, 'return'),
        lines: lines.map(({ lineId, quantity, condition }) => {
          return { lineId: lineIdOf(lineId), quantity, condition: oneOf(conditions, condition, 'return') }
        }),
      }
      return { return: returnJson(await app.changeReturn(input, call)) }
    },
    async listReturns({ orderId }, call) {
      return { returns: (await app.listReturns(orderIdOf(orderId), call)).map(returnJson) }
    },
  } satisfies Partial<Handlers<typeof OrderService>>
}

function readingRpc(app: FulfilmentApp) {
  return {
    async trackOrder({ orderId }, call) {
      const { order, shipments, timeline } = await app.trackOrder(orderIdOf(orderId), call)
      return {
        orderId: order.id,
        fulfilmentStatus: order.fulfilmentStatus,
        shipments: shipments.map(shipmentJson),
        timeline: timeline.map(({ at, what, detail }) => ({ at: isoTime(at), what, detail })),
      }
    },
    async listShipmentsOfOrders({ orderIds }, call) {
      const found = await app.listShipmentsOfOrders(orderIdsOf(orderIds), call)
      const { items, unread } = fittingLists(
        found.map(([id, shipments]) => [id, shipments.map(shipmentJson)] as const),
      )
      return { shipments: items, unreadOrderIds: unread }
    },
  } satisfies Partial<Handlers<typeof OrderService>>
}

const shipmentIdOf = (id: string): ShipmentId =>
  parseUuid(id, 'shipment.invalid-id', "a shipment's id") as ShipmentId

const lineIdOf = (id: string): LineId => parseUuid(id, 'order.unknown-line', "a line's id") as LineId

export function oneOf<Word extends string>(known: readonly Word[], text: string, of: string): Word {
  const word = known.find((each) => each === text)
  if (word === undefined)
    throw new Refusal('invalid', `${of}.invalid-status`, `it is one of ${known.join(', ')}`)
  return word
}
