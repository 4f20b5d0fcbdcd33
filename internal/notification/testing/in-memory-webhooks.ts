import { keysInMemory } from '../../platform/idempotency-keys.ts'
import { newId } from '../../platform/new-id.ts'
import type { AskedByStaff, Endpoints, StreamPosition, Webhooks } from '../application/webhook-ports.ts'
import type { Endpoint, EndpointId } from '../domain/endpoint.ts'
import type { WebhookDelivery, WebhookDeliveryId } from '../domain/webhook-delivery.ts'
import { isWanted } from '../domain/webhook-events.ts'

/** Endpoints and their deliveries in memory. */
export function inMemoryWebhooks() {
  const endpoints = new Map<EndpointId, Endpoint>()
  const positions = new Map<string, StreamPosition>()
  const stored = new Map<WebhookDeliveryId, WebhookDelivery & { readonly createdAt: Date }>()
  const keys = keysInMemory()
  const keep = (id: string, { once }: AskedByStaff): void => keys.claim(once, id)
  /** In the order of all: a map keeps the order in which its keys came. */
  const all = () => [...stored.values()]
  const put = (delivery: WebhookDelivery, createdAt = stored.get(delivery.id)?.createdAt): void =>
    void stored.set(delivery.id, { ...delivery, createdAt: createdAt ?? delivery.updatedAt })
  let seq = 0

  function update(endpoint: Endpoint): boolean {
    if (endpoints.get(endpoint.id)?.revision !== endpoint.revision - 1) return false
    endpoints.set(endpoint.id, endpoint)
    return true
  }

  function requeue(delivery: WebhookDelivery, at: Date): WebhookDelivery {
    const queued = {
      ...delivery,
      ...{ status: 'queued' as const, attempts: 0, failingSince: undefined, failure: '', nextAt: at },
      ...{ leaseUntil: undefined, revision: delivery.revision + 1, updatedAt: at },
    }
    put(queued)
    return bare(queued)
  }

  const endpointStore: Endpoints = {
    async add(endpoint, asked) {
      keep(endpoint.id, asked)
      endpoints.set(endpoint.id, endpoint)
    },
    async store(endpoint, asked) {
      const isStored = update(endpoint)
      if (isStored) keep(endpoint.id, asked)
      return isStored
    },
    pause: async (endpoint) => update(endpoint),
    async remove(id) {
      return endpoints.delete(id)
    },
    find: async (id) => endpoints.get(id),
    async findByRequest(once) {
      const id = keys.find(once)
      return id === undefined ? undefined : endpoints.get(id as EndpointId)
    },
    list: async () => [...endpoints.values()].sort((a, b) => (a.id < b.id ? 1 : -1)),
  }

  /** Of each aggregate the first that is queued for this endpoint. */
  function firstOnes(endpointId: EndpointId): readonly WebhookDelivery[] {
    const first = new Map<string, WebhookDelivery>()
    for (const each of stored.values())
      if (each.endpointId === endpointId && each.status === 'queued' && !first.has(each.aggregateId))
        first.set(each.aggregateId, each)
    return [...first.values()]
  }

  const webhookStore: Webhooks = {
    position: async (stream) => positions.get(stream),
    async begin(at) {
      if (positions.has(at.stream)) return false
      positions.set(at.stream, at)
      return true
    },
    async forget(streams) {
      for (const stream of streams) positions.delete(stream)
    },
    async advance(from, to, events, at) {
      const present = positions.get(from.stream)
      if (present?.seq !== from.seq || present.incarnation !== from.incarnation) return undefined
      positions.set(to.stream, to)
      const before = stored.size
      const known = new Set(all().map((each) => `${each.endpointId} ${each.eventId}`))
      for (const event of events) {
        for (const { id: endpointId, events: wanted, createdAt } of endpoints.values()) {
          const key = `${endpointId} ${event.id}`
          if (known.has(key) || !isWanted(wanted, event.subject) || event.occurredAt < createdAt) continue
          known.add(key)
          const { id: eventId, subject: type, aggregateId, occurredAt, data } = event
          put({
            ...{
              id: newId() as WebhookDeliveryId,
              endpointId,
              eventId,
              seq: String(++seq),
              aggregateId,
              type,
            },
            ...{ occurredAt, data, status: 'queued', attempts: 0, failingSince: undefined, failure: '' },
            ...{ nextAt: at, leaseUntil: undefined, revision: 1, updatedAt: at },
          })
        }
      }
      return stored.size - before
    },
    async claim(rooms, now, leaseUntil) {
      const due = rooms.flatMap(({ endpointId, room }) => {
        const endpoint = endpoints.get(endpointId)
        if (!endpoint || endpoint.pausedAt) return []
        return firstOnes(endpointId)
          .filter(({ nextAt, leaseUntil: until }) => nextAt <= now && (!until || until <= now))
          .slice(0, room)
      })
      const claimed = due.map((each) => ({ ...bare(each), leaseUntil, revision: each.revision + 1 }))
      for (const each of claimed) put(each)
      return claimed
    },
    async store(state) {
      if (stored.get(state.id)?.revision !== state.revision) return false
      put({ ...state, leaseUntil: undefined, revision: state.revision + 1 })
      return true
    },
    async find(id) {
      const found = stored.get(id)
      return found && bare(found)
    },
    async page({ endpointId, status, limit, after }) {
      const found = all()
        .reverse()
        .filter((each) => each.endpointId === endpointId && (!status || each.status === status))
        .filter((each) => after === undefined || Number(each.seq) < Number(after))
      const deliveries = found.slice(0, limit).map(bare)
      return { deliveries, next: found.length > limit ? deliveries.at(-1)?.seq : undefined }
    },
    async redeliver(endpointId, id, at, asked) {
      const found = stored.get(id)
      if (found?.endpointId !== endpointId) return undefined
      keep(endpointId, asked)
      return requeue(found, at)
    },
    async replay(endpointId, { from, to }, at, asked) {
      keep(endpointId, asked)
      const found = all().filter(
        (each) => each.endpointId === endpointId && each.occurredAt >= from && each.occurredAt < to,
      )
      for (const each of found) requeue(each, at)
      return found.length
    },
    async retryAll(endpointId, at) {
      for (const each of all())
        if (each.endpointId === endpointId && each.status === 'queued' && each.attempts > 0)
          put({
            ...each,
            ...{ attempts: 0, failingSince: undefined, nextAt: at, revision: each.revision + 1 },
          })
    },
    countQueued: async () => ({
      queued: all().filter(({ status }) => status === 'queued').length,
      pausedEndpoints: [...endpoints.values()].filter(({ pausedAt }) => pausedAt !== undefined).length,
    }),
    async removeOld(before, limit) {
      const old = all()
        .filter(({ createdAt, endpointId }) => createdAt < before || !endpoints.has(endpointId))
        .slice(0, limit)
      for (const { id } of old) stored.delete(id)
      return old.length
    },
  }
  return { endpoints: endpointStore, webhooks: webhookStore, all: () => all().map(bare) }
}

/** Without what only the store knows. */
const bare = ({
  createdAt: _,
  ...delivery
}: WebhookDelivery & { readonly createdAt?: Date }): WebhookDelivery => delivery
