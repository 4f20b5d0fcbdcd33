import { Refusal } from '../../platform/refusal.ts'
import { refuseTooManyParcels } from './file-size.ts'
import {
  andThen,
  fulfilmentOf,
  withOrder,
  withShipment,
  withUnits,
  type FileChange,
  type OrderFile,
} from './order-file.ts'
import { refuseClosing, remaining, ship, type LineId, type Order } from './order.ts'
import {
  shipmentTransitions,
  type Carriage,
  type Shipment,
  type ShipmentId,
  type SaidStatus,
  type ShipmentLine,
} from './parcel.ts'

/** `isShort`: there are no more, and what else was ordered of the line is canceled. */
export type WantedUnits = { readonly lineId: LineId; readonly quantity: number; readonly isShort: boolean }

export type WantedShipment = Carriage & {
  readonly id: ShipmentId
  readonly lines: readonly WantedUnits[]
}

/** Packed units belong to the parcel: a cancellation or an expiry leaves them alone. */
export function pack(file: OrderFile, wanted: WantedShipment, at: Date): FileChange {
  refuseUnpackable(file.order)
  return packAll(file, wanted, at)
}

function packAll(file: OrderFile, wanted: WantedShipment, at: Date): FileChange {
  const lines = wanted.lines.map((each) => packedLine(file.order, each))
  const units = new Map(wanted.lines.map((each) => [each.lineId, each]))
  if (units.size < lines.length)
    throw new Refusal('invalid', 'shipment.repeated-line', 'a shipment names each line once')
  const order = withUnits(file.order, lines, (line) => {
    const { quantity = 0, isShort = false } = units.get(line.id) ?? {}
    const canceled = isShort ? remaining(line) - quantity : 0
    return { packed: line.packed + quantity, canceled: line.canceled + canceled }
  })
  const isShortened = order.lines.some((line, index) => line.canceled !== file.order.lines[index]?.canceled)
  const { id, carrier, trackingNumber, trackingUrl } = wanted
  const shipment: Shipment = {
    ...{
      id,
      orderId: order.id,
      status: 'packed',
      lines: lines.filter(isInParcel),
      carrier,
      trackingNumber,
      trackingUrl,
    },
    ...{ history: [{ status: 'packed', at }], version: 1, createdAt: at, updatedAt: at },
    ...{ awaitingMoney: isShortened, replaces: undefined, resending: undefined },
  }
  const next = { ...order, awaitingRelease: order.awaitingRelease || isShortened }
  const state = withShipment(withOrder(file, next), shipment)
  refuseTooManyParcels(state)
  return { state, events: [{ of: 'shipment', event: { type: 'packed', shipment } }] }
}

/** A line may have been named only to say that there are no more. */
const isInParcel = ({ quantity }: ShipmentLine): boolean => quantity > 0

function refuseUnpackable(order: Order): void {
  const { status } = order
  refuseClosing(order)
  if (status === 'confirmed' || status === 'paid') return
  throw new Refusal('conflict', `order.${status}`, `nothing of a ${status} order can be packed`)
}

function packedLine(order: Order, { lineId, quantity }: WantedUnits): ShipmentLine {
  const line = order.lines.find(({ id }) => id === lineId)
  if (!line) throw new Refusal('invalid', 'order.unknown-line', 'the order has no such line', { lineId })
  const left = remaining(line)
  if (quantity > left)
    throw new Refusal('conflict', 'shipment.exceeds-order', 'not so many units are left to be packed', {
      lineId,
      left,
    })
  return { lineId, productId: line.productId, quantity }
}

/** Moves a parcel on. When nothing remains, the order is shipped with it. Undefined: it is there already. */
export function moveShipment(
  file: OrderFile,
  id: ShipmentId,
  to: SaidStatus,
  at: Date,
  reason = '',
): FileChange | undefined {
  const shipment = file.shipments.find((each) => each.id === id)
  if (!shipment) throw shipmentNotFound()
  if (shipment.status === to) return undefined
  refuseResending(shipment)
  const allowed = shipmentTransitions[shipment.status]
  if (!allowed.includes(to))
    throw new Refusal(
      'conflict',
      `shipment.${shipment.status}`,
      `a ${shipment.status} shipment cannot become ${to}`,
    )
  const moved: Shipment = {
    ...shipment,
    ...{ status: to, version: shipment.version + 1, updatedAt: at },
    awaitingMoney: shipment.awaitingMoney || (to === 'canceled' && isOver(file.order)),
    history: [...shipment.history, { status: to, at }],
  }
  const after = withShipment(withOrder(file, counted(file.order, shipment, to)), moved)
  const order = { ...after.order, fulfilmentStatus: fulfilmentOf(after) }
  const change: FileChange = {
    state: withOrder(after, order),
    events: [{ of: 'shipment', event: { type: to, shipment: moved } }],
  }
  return to === 'shipped' ? andThen(change, (next) => shipWhole(next, reason, at)) : change
}

/** What is packed stays packed until its shipment is canceled; of an order that has ended, it goes back then. */
function counted(order: Order, { lines }: Shipment, to: SaidStatus): Order {
  const unitsOf = (id: LineId): number => lines.find(({ lineId }) => lineId === id)?.quantity ?? 0
  if (to === 'shipped')
    return withUnits(order, lines, (line) => ({ shipped: line.shipped + unitsOf(line.id) }))
  if (to !== 'canceled') return order
  return {
    ...withUnits(order, lines, (line) => ({ packed: line.packed - unitsOf(line.id) })),
    awaitingRelease: order.awaitingRelease || isOver(order),
  }
}

/** What was kept of its money for the parcel is not owed any more. */
const isOver = ({ status }: Order): boolean => status !== 'confirmed' && status !== 'paid'

function shipWhole(file: OrderFile, reason: string, at: Date): FileChange {
  const { order } = file
  const isWhole = order.fulfilmentStatus === 'shipped' || order.fulfilmentStatus === 'delivered'
  if (!isWhole || (order.status !== 'confirmed' && order.status !== 'paid'))
    return { state: file, events: [] }
  const { state, events } = ship(order, reason, at)
  return { state: withOrder(file, state), events: events.map((event) => ({ of: 'order', event })) }
}

/** Everything that is left goes out: what is packed already, and the rest in a shipment of its own. */
export function shipRest(
  file: OrderFile,
  wanted: Carriage & { readonly id: ShipmentId },
  reason: string,
  at: Date,
): FileChange | undefined {
  if (file.order.status === 'shipped') return undefined
  refuseUnpackable(file.order)
  const rest = file.order.lines
    .map((line) => ({ lineId: line.id, quantity: remaining(line), isShort: false }))
    .filter(({ quantity }) => quantity > 0)
  let change: FileChange = rest.length > 0 ? pack(file, { ...wanted, lines: rest }, at) : same(file)
  for (const { id, status } of change.state.shipments) {
    if (status !== 'packed') continue
    change = andThen(change, (next) => moveShipment(next, id, 'shipped', at, reason) ?? same(next))
  }
  return change
}

/** The shipment of an order that an earlier version has shipped: all of it, when the order was shipped. */
export function recordShipment(file: OrderFile, id: ShipmentId): FileChange | undefined {
  const { order, shipments } = file
  const at = order.history.find(({ status }) => status === 'shipped')?.at
  if (shipments.length > 0 || !at || (order.status !== 'shipped' && order.status !== 'completed'))
    return undefined
  const lines = order.lines.map(({ id: lineId, quantity }) => ({ lineId, quantity, isShort: false }))
  const wanted = { id, lines, carrier: '', trackingNumber: '', trackingUrl: '' }
  const packed = packAll(file, wanted, at)
  return andThen(packed, (next) => moveShipment(next, id, 'shipped', at) ?? same(next))
}

const same = (file: OrderFile): FileChange => ({ state: file, events: [] })

export const shipmentNotFound = (): Refusal =>
  new Refusal('not-found', 'shipment.not-found', 'there is no such shipment')

export function refuseResending({ resending }: Shipment): void {
  if (resending)
    throw new Refusal('conflict', 'shipment.resending', 'this shipment is being sent again; wait a moment')
}
