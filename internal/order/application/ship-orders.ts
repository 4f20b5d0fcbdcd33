import { requirePermission, requireBuyer, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { parseCarriage, parseUnits } from '../domain/carriage.ts'
import { andThen, type OrderFile } from '../domain/order-file.ts'
import type { OrderId } from '../domain/order.ts'
import type { Carriage, SaidStatus, Shipment, ShipmentId } from '../domain/parcel.ts'
import { moveShipment, pack, shipmentNotFound, type WantedUnits } from '../domain/shipment.ts'
import type { OrderFiles } from './order-files.ts'
import { allVisible, changeable, orderNotFound, visible } from './read-orders.ts'

type Deps = {
  readonly files: OrderFiles
  readonly newShipmentId: () => ShipmentId
  readonly now: () => Date
}

export type CreateShipment = Carriage & {
  readonly orderId: OrderId
  readonly lines: readonly WantedUnits[]
  readonly isShipped: boolean
}

/** Packs units of an order, and sends them off at once unless they are only packed. */
export function createShipment({ files, newShipmentId, now }: Deps) {
  return async (input: CreateShipment, call: Call): Promise<Done<Shipment>> => {
    requirePermission(call, 'orders:write')
    const { orderId, isShipped } = input
    const wanted = { id: newShipmentId(), lines: parseUnits(input.lines), ...parseCarriage(input) }
    const earlier = async (once: NonNullable<Call['once']>): Promise<Shipment | undefined> => {
      const id = (await files.findThing(once)) as ShipmentId | undefined
      const file = id && (await files.findByShipment(id))
      return file && shipmentIn(file, id)
    }
    return doOnce(call.once, earlier, async () => {
      const at = now()
      const file = await files.update({
        ...{ id: orderId, trace: traceOf(call), once: call.once, thing: wanted.id },
        decide(before) {
          const packed = pack(before, wanted, at)
          if (!isShipped) return packed
          return andThen(packed, (next) => moveShipment(next, wanted.id, 'shipped', at) ?? packed)
        },
      })
      return shipmentIn(changed(file, call), wanted.id)
    })
  }
}

/** Says what has become of a parcel. The same again changes nothing. */
export function changeShipment({ files, now }: Deps) {
  type Input = { readonly id: ShipmentId; readonly status: SaidStatus }
  return async ({ id, status }: Input, call: Call): Promise<Shipment> => {
    requirePermission(call, 'orders:write')
    const found = await files.findByShipment(id)
    if (!found) throw shipmentNotFound()
    const file = await files.update({
      ...{ id: found.order.id, trace: traceOf(call) },
      decide: (before) => moveShipment(before, id, status, now()),
    })
    return shipmentIn(changed(file, call), id)
  }
}

export type Milestone = { readonly at: Date; readonly what: string; readonly detail: string }

/** What has happened to an order, for its customer and for admins. */
export function trackOrder({ files }: Pick<Deps, 'files'>) {
  return async (id: OrderId, call: Call) => {
    requireBuyer(call)
    const file = await files.find(id)
    const order = visible(file?.order, call)
    return { order, shipments: file?.shipments ?? [], timeline: file ? timelineOf(file) : [] }
  }
}

/** With the orders that they are of, for their customers and for admins. */
export function listShipmentsOfOrders({ files }: Pick<Deps, 'files'>) {
  type OfOrder = readonly [id: OrderId, shipments: readonly Shipment[]]
  return async (ids: readonly OrderId[], call: Call): Promise<readonly OfOrder[]> => {
    requireBuyer(call)
    const found = await Promise.all(ids.map((id) => files.find(id)))
    const seen = new Set(
      allVisible(
        found.map((file) => file?.order),
        call,
        'orders:read',
      ),
    )
    return found.flatMap((file) => (file && seen.has(file.order) ? [[file.order.id, file.shipments]] : []))
  }
}

function timelineOf({ order, shipments, returns }: OrderFile): readonly Milestone[] {
  const milestones: Milestone[] = [
    ...order.history.map(({ status, at }) => {
      return { at, what: `order.${status === 'pending' ? 'created' : status}`, detail: '' }
    }),
    ...shipments.flatMap(({ id, history }) =>
      history.map(({ status, at }) => ({ at, what: `shipment.${status}`, detail: id })),
    ),
    ...returns.flatMap(({ id, history }) =>
      history.map(({ status, at }) => ({ at, what: `return.${status}`, detail: id })),
    ),
  ]
  return milestones.sort((a, b) => a.at.getTime() - b.at.getTime())
}

export function existing(file: OrderFile | undefined, call: Call): OrderFile {
  visible(file?.order, call)
  if (!file) throw orderNotFound()
  return file
}

/** The same after a change. */
export function changed(file: OrderFile | undefined, call: Call): OrderFile {
  changeable(file?.order, call)
  if (!file) throw orderNotFound()
  return file
}

export function shipmentIn({ shipments }: OrderFile, id: ShipmentId): Shipment {
  const shipment = shipments.find((each) => each.id === id)
  if (!shipment) throw shipmentNotFound()
  return shipment
}
