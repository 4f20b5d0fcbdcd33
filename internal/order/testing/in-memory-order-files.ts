import type { Trace } from '../../platform/call.ts'
import type { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { OutboxEvent } from '../../platform/outbox.ts'
import { placeTaken, type OrderFiles } from '../application/order-files.ts'
import type { FileEvent, OrderFile } from '../domain/order-file.ts'
import type { Order, OrderEvent, OrderId } from '../domain/order.ts'
import { beginRevival } from '../domain/reviving.ts'
import type { Return, ReturnId } from '../domain/goods-back.ts'
import type { Shipment, ShipmentId } from '../domain/parcel.ts'
import { encodeFileEvent } from '../infrastructure/fulfilment-json.ts'
import { hasAnotherLiving } from './in-memory-checkouts.ts'

export type InMemoryOrderFiles = OrderFiles & {
  readonly shipments: ReadonlyMap<ShipmentId, Shipment>
  readonly returns: ReadonlyMap<ReturnId, Return>
}

type Tables = {
  readonly orders: Map<OrderId, Order>
  readonly requests: ReturnType<typeof keysInMemory>
  readonly events: OrderEvent[]
  readonly tell: (events: readonly OutboxEvent[]) => void
  readonly traceOf: (id: OrderId) => Trace
}

/** Beside the orders in memory; passes the same contract as the real ones. */
export function inMemoryOrderFiles({ orders, requests, events, tell, traceOf }: Tables): InMemoryOrderFiles {
  const shipments = new Map<ShipmentId, Shipment>()
  const returns = new Map<ReturnId, Return>()
  const fileOf = (id: OrderId | undefined): OrderFile | undefined => {
    const order = id && orders.get(id)
    return (
      order && {
        order,
        shipments: [...shipments.values()].filter(({ orderId }) => orderId === id),
        returns: [...returns.values()].filter(({ orderId }) => orderId === id),
      }
    )
  }
  return {
    ...{ shipments, returns },
    find: async (id) => fileOf(id),
    findByShipment: async (id) => fileOf(shipments.get(id)?.orderId),
    findByReturn: async (id) => fileOf(returns.get(id)?.orderId),
    findThing: async (once) => requests.find(once),
    async update({ id, trace, once, thing, thingOf, decide }) {
      const file = fileOf(id)
      const change = file && decide(file)
      const made = file && (thing ?? thingOf?.(change?.state ?? file))
      if (change && hasAnotherLiving(orders, change.state.order)) throw placeTaken()
      if (made !== undefined) requests.claim(once, made)
      if (!file || !change) return file
      orders.set(id, { ...change.state.order, revision: file.order.revision + 1 })
      for (const shipment of change.state.shipments) shipments.set(shipment.id, shipment)
      for (const each of change.state.returns) returns.set(each.id, each)
      events.push(...change.events.flatMap(orderEventOf))
      tell(change.events.map((event) => encodeFileEvent(event, trace, timeOf(event))))
      return fileOf(id)
    },
    async unbookedSince(before, limit) {
      return [...returns.values()]
        .filter(({ awaitingStock, updatedAt }) => awaitingStock && updatedAt < before)
        .sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime())
        .slice(0, limit)
        .map((each) => ({ return: each, trace: traceOf(each.orderId) }))
    },
    async markBooked(ids) {
      for (const id of ids) {
        const found = returns.get(id)
        if (found) returns.set(id, { ...found, awaitingStock: false })
      }
    },
    async uncreditedSince(before, limit) {
      const waiting = [
        ...[...shipments.values()].filter(({ awaitingMoney }) => awaitingMoney),
        ...[...returns.values()].filter(({ money }) => money === 'due'),
      ].filter(({ updatedAt }) => updatedAt < before)
      waiting.sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime())
      return [...new Set(waiting.map(({ orderId }) => orderId))].slice(0, limit)
    },
    async markCredited(seen) {
      for (const { id, version } of seen.shipments) {
        const found = shipments.get(id)
        if (found?.version === version) shipments.set(id, { ...found, awaitingMoney: false })
      }
      for (const { id, version } of seen.returns) {
        const found = returns.get(id)
        if (found?.version === version) returns.set(id, { ...found, money: 'ordered' })
      }
    },
    async resendingSince(before, limit) {
      return [...shipments.values()]
        .filter(({ resending }) => resending && resending.since < before)
        .sort((a, b) => timeOrZero(a.resending?.since) - timeOrZero(b.resending?.since))
        .map(({ id }) => id)
        .slice(0, limit)
    },
    async closingSince(before, limit) {
      return [...orders.values()]
        .filter(({ closing }) => closing && closing.since < before)
        .sort((a, b) => timeOrZero(a.closing?.since) - timeOrZero(b.closing?.since))
        .map(({ id }) => id)
        .slice(0, limit)
    },
    async heldTooLong(at, limit) {
      return [...orders.values()]
        .filter(({ status, closing, holdUntil }) => status === 'confirmed' && !closing && holdUntil)
        .filter(({ holdUntil }) => timeOrZero(holdUntil) <= at.getTime())
        .sort((a, b) => timeOrZero(a.holdUntil) - timeOrZero(b.holdUntil))
        .map(({ id }) => id)
        .slice(0, limit)
    },
    async toRevive(before, at, limit) {
      const reviving = [...orders.values()].filter(({ reviving }) => reviving && reviving.since < before)
      const late = [...orders.values()].filter((order) => beginRevival(fileOf(order.id)!, at))
      return [...reviving.slice(0, limit), ...late.slice(0, limit)].map(({ id }) => id)
    },
    async withoutShipments(limit) {
      return [...orders.values()]
        .filter(({ status }) => status === 'shipped' || status === 'completed')
        .filter(({ fulfilmentStatus }) => fulfilmentStatus === 'none')
        .map(({ id }) => id)
        .slice(0, limit)
    },
  }
}

const orderEventOf = (told: FileEvent): readonly OrderEvent[] => (told.of === 'order' ? [told.event] : [])

const timeOf = (told: FileEvent): Date =>
  told.of === 'shipment' ? told.event.shipment.updatedAt : new Date()

const timeOrZero = (time: Date | undefined): number => time?.getTime() ?? 0
