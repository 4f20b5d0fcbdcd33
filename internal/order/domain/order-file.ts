import type { Change } from '../../platform/change.ts'
import type {
  FulfilmentStatus,
  LineId,
  Order,
  OrderChange,
  OrderEvent,
  OrderLine,
  ReturnStatus,
} from './order.ts'
import type { Return, ReturnEvent } from './goods-back.ts'
import type { Shipment, ShipmentEvent } from './parcel.ts'

/** An order with everything that belongs to it. It changes as a whole: whoever packs, ships or cancels sees all of it. */
export type OrderFile = {
  readonly order: Order
  readonly shipments: readonly Shipment[]
  readonly returns: readonly Return[]
}

export type FileEvent =
  | { readonly of: 'order'; readonly event: OrderEvent }
  | { readonly of: 'shipment'; readonly event: ShipmentEvent }
  | { readonly of: 'return'; readonly event: ReturnEvent }

export type FileChange = Change<OrderFile, FileEvent>

/** Does the next step on what the first one has left. */
export function andThen(first: FileChange, next: (file: OrderFile) => FileChange): FileChange {
  const { state, events } = next(first.state)
  return { state, events: [...first.events, ...events] }
}

/** The file with another order, shipment or return in the place of the one with its id, or at the end. */
export function withOrder(file: OrderFile, order: Order): OrderFile {
  return { ...file, order }
}

/** The file with what has changed of its order. */
export function withChange(file: OrderFile, change: OrderChange | undefined): FileChange | undefined {
  return (
    change && {
      state: withOrder(file, change.state),
      events: change.events.map((event) => ({ of: 'order', event })),
    }
  )
}

export function withShipment({ shipments, ...file }: OrderFile, shipment: Shipment): OrderFile {
  return { ...file, shipments: replaced(shipments, shipment) }
}

export function withReturn({ returns, ...file }: OrderFile, changed: Return): OrderFile {
  return { ...file, returns: replaced(returns, changed) }
}

function replaced<Thing extends { readonly id: string }>(
  things: readonly Thing[],
  thing: Thing,
): readonly Thing[] {
  return things.some(({ id }) => id === thing.id)
    ? things.map((each) => (each.id === thing.id ? thing : each))
    : [...things, thing]
}

/** The order with other units in some of its lines. */
export function withUnits(
  order: Order,
  lines: readonly { readonly lineId: LineId }[],
  change: (line: OrderLine) => Partial<OrderLine>,
): Order {
  const ids = new Set(lines.map(({ lineId }) => lineId))
  return {
    ...order,
    lines: order.lines.map((line) => (ids.has(line.id) ? { ...line, ...change(line) } : line)),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** How far the order has come, by what has left of what is wanted. */
export function fulfilmentOf({ order, shipments }: Pick<OrderFile, 'order' | 'shipments'>): FulfilmentStatus {
  const shipped = sum(order.lines.map((line) => line.shipped))
  if (shipped === 0) return 'none'
  if (shipped < sum(order.lines.map(({ quantity, canceled }) => quantity - canceled))) return 'partial'
  const isDelivered = shipments.every(({ status }) => ['delivered', 'resent', 'canceled'].includes(status))
  return isDelivered ? 'delivered' : 'shipped'
}

/** open: somebody has to do something. Otherwise by what has come back of what was shipped. */
export function returnStatusOf({ order, returns }: Pick<OrderFile, 'order' | 'returns'>): ReturnStatus {
  if (returns.some(({ status }) => ['requested', 'approved', 'received'].includes(status))) return 'open'
  const back = sum(
    returns.flatMap(({ lines }) => lines.map(({ resellable, damaged }) => resellable + damaged)),
  )
  if (back === 0) return 'none'
  return back < sum(order.lines.map(({ shipped }) => shipped)) ? 'partial' : 'returned'
}
