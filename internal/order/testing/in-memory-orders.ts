import type { Trace } from '../../platform/call.ts'
import { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { OutboxEvent } from '../../platform/outbox.ts'
import { lowestUuidAt } from '../../platform/uuid.ts'
import type { Orders, Stored } from '../application/orders.ts'
import { orderStatuses, type Order, type OrderEvent, type OrderId } from '../domain/order.ts'
import { tooManyUnpaid, unitsOf } from '../domain/unpaid.ts'
import { encodeOrderEvent } from '../infrastructure/order-json.ts'
import { inMemoryCheckouts, type InMemoryCheckouts } from './in-memory-checkouts.ts'
import { inMemoryOrderFiles, type InMemoryOrderFiles } from './in-memory-order-files.ts'

export type InMemoryOrders = Orders & {
  /** All events in the order of their commits. */
  readonly events: readonly OrderEvent[]
  /** The same orders with their shipments and returns. */
  readonly files: InMemoryOrderFiles
  /** Those of them that were made of carts. */
  readonly checkouts: InMemoryCheckouts
}

/** A store of orders in memory, which stores state and events together. `append` gets the events for the outbox. */
export function inMemoryOrders(
  append: (events: readonly OutboxEvent[]) => void = () => undefined,
  maxUnpaidUnits?: number,
): InMemoryOrders {
  const orders = new Map<OrderId, Order>()
  const keys = new Map<string, { readonly id: OrderId; readonly digest: string }>()
  const events: OrderEvent[] = []
  const requests = keysInMemory()
  const found = (key: string): Stored | undefined => {
    const used = keys.get(key)
    const order = used && orders.get(used.id)
    return order && { order, digest: used.digest, isNew: false }
  }
  /** The trace for what the last event of each order causes. */
  const traces = new Map<string, Trace>()
  const tell = (told: readonly OutboxEvent[]): void => {
    for (const { id, aggregateId, headers } of told) traces.set(aggregateId, { ...headers, causationId: id })
    append(told)
  }
  const traceOf = (id: OrderId): Trace =>
    traces.get(id) ?? { correlationId: id, causationId: '', traceparent: '' }
  const sorted = (): Order[] => [...orders.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  function refuseUnpaid(added: Order): void {
    if (maxUnpaidUnits === undefined || added.userId === undefined) return
    const open = [...orders.values()]
      .filter(({ userId, status }) => userId === added.userId && ['pending', 'confirmed'].includes(status))
      .reduce((sum, order) => sum + unitsOf(order), 0)
    if (open + unitsOf(added) > maxUnpaidUnits) throw tooManyUnpaid(open, maxUnpaidUnits)
  }
  const tables = { orders, requests, events, tell }
  const files = inMemoryOrderFiles({ ...tables, traceOf })
  const checkouts = inMemoryCheckouts({ ...tables, refuseUnpaid })
  return {
    ...{ events, files, checkouts },
    find: async (id) => orders.get(id),
    async recall(ids) {
      const wanted = new Set(ids)
      return new Map([...orders].filter(([id]) => wanted.has(id)))
    },
    findByKey: async (userId, key) => found(`${userId} ${key}`),
    async add({ state, events: told }, key, trace) {
      const earlier = key && found(`${state.userId} ${key.key}`)
      if (earlier) return earlier
      refuseUnpaid(state)
      if (key) keys.set(`${state.userId} ${key.key}`, { id: state.id, digest: key.digest })
      orders.set(state.id, state)
      events.push(...told)
      tell(told.map((event) => encodeOrderEvent(event, trace)))
      return { order: state, digest: key?.digest, isNew: true }
    },
    async findByRequest(once) {
      const id = requests.find(once)
      return id === undefined ? undefined : orders.get(id as OrderId)
    },
    async update(updates, once) {
      // All updates are decided before any is stored, because one refusal refuses all of them.
      const before = new Map(orders)
      const told: (readonly [OrderEvent, Trace])[] = []
      try {
        for (const { id, decide, trace } of updates) {
          const order = orders.get(id)
          const change = order && decide(order)
          if (!change) continue
          orders.set(id, { ...change.state, revision: order.revision + 1 })
          told.push(...change.events.map((event) => [event, trace] as const))
        }
        const first = updates[0] && orders.get(updates[0].id)
        if (first) requests.claim(once, first.id)
      } catch (err) {
        for (const [id, order] of before) orders.set(id, order)
        throw err
      }
      events.push(...told.map(([event]) => event))
      tell(told.map(([event, trace]) => encodeOrderEvent(event, trace)))
      return updates.map(({ id }) => orders.get(id))
    },
    async page(filter) {
      const { userId, status, fulfilmentStatus, returnStatus, paymentStatus } = filter
      const { holdEndsBefore, after, limit } = filter
      const matching = sorted()
        .reverse()
        .filter((order) => !userId || order.userId === userId)
        .filter((order) => !status || order.status === status)
        .filter((order) => !fulfilmentStatus || order.fulfilmentStatus === fulfilmentStatus)
        .filter((order) => !returnStatus || order.returnStatus === returnStatus)
        .filter((order) => !paymentStatus || order.paymentStatus === paymentStatus)
        .filter((order) => !filter.flag || order.flags.includes(filter.flag))
        .filter((order) => !holdEndsBefore || endsBefore(order, holdEndsBefore))
        .filter((order) => !after || order.id < after)
      const page = matching.slice(0, limit)
      return { orders: page, next: matching.length > limit ? page.at(-1)?.id : undefined }
    },
    async pendingSince(before, limit) {
      return sorted()
        .filter(({ status, id }) => status === 'pending' && id < lowestUuidAt(before))
        .slice(0, limit)
        .map(({ id, lines }) => ({ orderId: id, lines, trace: traceOf(id) }))
    },
    async unreleasedSince(before, limit) {
      return sorted()
        .filter(({ awaitingRelease, updatedAt }) => awaitingRelease && updatedAt < before)
        .sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime())
        .slice(0, limit)
        .map(({ id }) => ({ orderId: id, trace: traceOf(id) }))
    },
    async markReleased(seen) {
      for (const { id, revision } of seen) {
        const order = orders.get(id)
        if (order?.revision === revision) orders.set(id, { ...order, awaitingRelease: false })
      }
    },
    async countByStatus() {
      const count = (wanted: string): number =>
        [...orders.values()].filter(({ status }) => status === wanted).length
      return new Map(
        orderStatuses.map((status) => [status, count(status)] as const).filter(([, counted]) => counted > 0),
      )
    },
  }
}

const endsBefore = ({ status, holdUntil }: Order, time: Date): boolean =>
  status === 'confirmed' && holdUntil !== undefined && holdUntil < time
