import { Refusal } from '../../platform/refusal.ts'
import { refuseTooManyParcels } from './file-size.ts'
import { fulfilmentOf, withOrder, withShipment, type FileChange, type OrderFile } from './order-file.ts'
import type { LineId } from './order.ts'
import { shipmentTransitions, type Carriage, type Shipment, type ShipmentId } from './parcel.ts'
import { refuseResending, shipmentNotFound } from './shipment.ts'
import { resendingUnits, unitsIn } from './units-in-parcels.ts'

export type WantedResend = Carriage & {
  readonly id: ShipmentId
  /** Goods of the stock leave; else the same ones again. */
  readonly isFromStock: boolean
}

/**
 * A parcel that was lost or came back leaves again as another one: at once with the same goods, else when the inventory has
 * taken others. Until then nobody else can claim its units.
 */
export function beginResend(file: OrderFile, id: ShipmentId, wanted: WantedResend, at: Date): FileChange {
  const shipment = file.shipments.find((each) => each.id === id)
  if (!shipment) throw shipmentNotFound()
  refuseUnsendable(file, shipment)
  const { isFromStock, ...as } = wanted
  const begun: Shipment = { ...shipment, resending: { ...as, since: at } }
  refuseTooManyParcels({ ...file, shipments: [...file.shipments, { ...begun, ...as }] })
  const state = withShipment(file, begun)
  if (isFromStock || shipment.status === 'lost') return { state, events: [] }
  return completeResend(state, id, wanted.id, at) ?? { state, events: [] }
}

/** Its units are counted with the new parcel from now on. Undefined: it is not waited for. */
export function completeResend(
  file: OrderFile,
  id: ShipmentId,
  as: ShipmentId,
  at: Date,
): FileChange | undefined {
  const shipment = waitingFor(file, id, as)
  if (!shipment?.resending) return undefined
  const { since: _, ...carriage } = shipment.resending
  const resent: Shipment = {
    ...shipment,
    ...{ status: 'resent', resending: undefined, version: shipment.version + 1, updatedAt: at },
    history: [...shipment.history, { status: 'resent', at }],
  }
  const packed: Shipment = {
    ...{ orderId: shipment.orderId, lines: shipment.lines, replaces: id, resending: undefined, ...carriage },
    ...{ status: 'packed', history: [{ status: 'packed', at }], version: 1, awaitingMoney: false },
    ...{ createdAt: at, updatedAt: at },
  }
  const shipped: Shipment = {
    ...packed,
    ...{ status: 'shipped', history: [...packed.history, { status: 'shipped', at }], version: 2 },
  }
  const after = withShipment(withShipment(file, resent), shipped)
  return {
    state: withOrder(after, { ...after.order, fulfilmentStatus: fulfilmentOf(after) }),
    events: [
      { of: 'shipment', event: { type: 'resent', shipment: resent } },
      { of: 'shipment', event: { type: 'packed', shipment: packed } },
      { of: 'shipment', event: { type: 'shipped', shipment: shipped } },
    ],
  }
}

/** There are no goods for it. Undefined: it is not waited for. */
export function abandonResend(file: OrderFile, id: ShipmentId, as: ShipmentId): FileChange | undefined {
  const shipment = waitingFor(file, id, as)
  return shipment && { state: withShipment(file, { ...shipment, resending: undefined }), events: [] }
}

const waitingFor = ({ shipments }: OrderFile, id: ShipmentId, as: ShipmentId): Shipment | undefined =>
  shipments.find((each) => each.id === id && each.resending?.id === as)

function refuseUnsendable(file: OrderFile, shipment: Shipment): void {
  const { status } = shipment
  if (!shipmentTransitions[status].some((to) => to === 'resent'))
    throw new Refusal('conflict', `shipment.${status}`, `a ${status} shipment cannot become resent`)
  refuseResending(shipment)
  if (file.order.paymentStatus === 'refunded') throw refunded()
  for (const { lineId, quantity } of shipment.lines) {
    const left = undelivered(file, lineId) - returned(file, lineId) - resendingUnits(file, lineId)
    if (quantity > left) throw refunded(lineId)
  }
}

/** Returns may be of any units, so those that never arrived are counted first: nothing is sent for which money went back. */
const returned = ({ order }: OrderFile, lineId: LineId): number =>
  order.lines.find(({ id }) => id === lineId)?.returned ?? 0

const undelivered = ({ shipments }: OrderFile, lineId: LineId): number =>
  unitsIn(
    shipments.filter(({ status }) => status === 'lost' || status === 'returned'),
    lineId,
  )

const refunded = (lineId?: LineId): Refusal =>
  new Refusal(
    'conflict',
    'shipment.refunded',
    'money goes back for these goods, or a return is to decide about it',
    lineId && { lineId },
  )
