import { keysInMemory } from '../../platform/idempotency-keys.ts'
import { lowestUuidAt } from '../../platform/uuid.ts'
import type { Deliveries, Page } from '../application/ports.ts'
import type { Delivery, DeliveryEvent, DeliveryId } from '../domain/delivery.ts'

export type InMemoryDeliveries = Deliveries & {
  readonly events: readonly DeliveryEvent[]
  readonly all: () => readonly Delivery[]
}

/** A store in memory, which stores states and events together. */
export function inMemoryDeliveries(): InMemoryDeliveries {
  const stored = new Map<DeliveryId, Delivery>()
  const events: DeliveryEvent[] = []
  const requests = keysInMemory()
  const keyOf = ({ eventId, channel, recipient, kind }: Delivery): string =>
    [eventId, channel, recipient.id, kind].join(' ')
  const all = (): readonly Delivery[] => [...stored.values()]
  const isFree = ({ leaseUntil }: Delivery, now: Date): boolean => !leaseUntil || leaseUntil <= now
  const earliest = (dates: readonly Date[]): Date | undefined =>
    [...dates].sort((a, b) => a.getTime() - b.getTime())[0]
  const rank = ({ recipient }: Delivery): number => ['user', 'staff', 'order'].indexOf(recipient.type)
  const byDue = (a: Delivery, b: Delivery): number =>
    rank(a) - rank(b) || a.nextAt.getTime() - b.nextAt.getTime()
  const newestFirst = (chosen: readonly Delivery[], after: DeliveryId | undefined, limit: number): Page => {
    const found = chosen
      .filter(({ id }) => after === undefined || id < after)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
    const deliveries = found.slice(0, limit)
    return { deliveries, next: found.length > limit ? deliveries.at(-1)?.id : undefined }
  }

  /** In the order in which they were added. */
  const feedOf = (userId: string): readonly Delivery[] =>
    all().filter(({ channel, recipient }) => channel === 'feed' && recipient.id === userId)
  const positionOf = ({ id }: Delivery): bigint => BigInt([...stored.keys()].indexOf(id) + 1)

  return {
    events,
    all,
    async add(deliveries) {
      const known = new Set(all().map(keyOf))
      const fresh = deliveries.filter((each) => !known.has(keyOf(each)) && known.add(keyOf(each)))
      for (const each of fresh) stored.set(each.id, each)
      return fresh.length
    },
    async claim(by, now, leaseUntil, limit) {
      const due = all()
        .filter((each) => by.includes(each.channel) && each.status === 'queued')
        .filter((each) => each.nextAt <= now && isFree(each, now))
        .sort(byDue)
        .slice(0, limit)
      const claimed = due.map((each) => ({ ...each, leaseUntil, revision: each.revision + 1 }))
      for (const each of claimed) stored.set(each.id, each)
      return claimed
    },
    lost: async (now, limit) =>
      all()
        .filter((each) => each.status === 'sending' && isFree(each, now))
        .slice(0, limit),
    nextDue: async (by) =>
      earliest(
        all().flatMap(({ channel, status, nextAt, leaseUntil }) => {
          if (status === 'queued' && by.includes(channel))
            return [leaseUntil && leaseUntil > nextAt ? leaseUntil : nextAt]
          return status === 'sending' && leaseUntil ? [leaseUntil] : []
        }),
      ),
    async store({ state, events: told }, asked) {
      if (stored.get(state.id)?.revision !== state.revision - 1) return false
      requests.claim(asked?.once, state.id)
      stored.set(state.id, state)
      events.push(...told)
      return true
    },
    async release(deliveries, nextAt) {
      for (const { id, revision } of deliveries) {
        const present = stored.get(id)
        if (present?.revision === revision && present.status === 'queued')
          stored.set(id, { ...present, leaseUntil: undefined, nextAt, revision: revision + 1 })
      }
    },
    find: async (id) => stored.get(id),
    async findByRequest(once) {
      const id = requests.find(once)
      return id === undefined ? undefined : stored.get(id as DeliveryId)
    },
    page: async ({ status, channel, limit, after }) =>
      newestFirst(
        all().filter((each) => (!status || each.status === status) && (!channel || each.channel === channel)),
        after,
        limit,
      ),
    async feed(userId, { isUnreadOnly, limit, after }) {
      const own = feedOf(userId)
      const unread = own.filter(({ readAt }) => readAt === undefined)
      return { ...newestFirst(isUnreadOnly ? unread : own, after, limit), unread: unread.length }
    },
    async feedPosition(userId, lastId) {
      const before = feedOf(userId).filter(({ id }) => lastId === undefined || id <= lastId)
      const found = before.find(({ id }) => id === lastId) ?? before.at(-1)
      return { position: found ? positionOf(found) : 0n, lastId: found?.id }
    },
    follow: async (readers, limit) =>
      readers.map(({ userId, position }) => {
        const next = feedOf(userId).filter((each) => positionOf(each) > position)
        const deliveries = next.slice(0, limit)
        const last = deliveries.at(-1)
        return { deliveries, position: last ? positionOf(last) : position }
      }),
    async markRead(userId, id, at) {
      const found = stored.get(id)
      if (found?.channel !== 'feed' || found.recipient.id !== userId) return undefined
      const read = { ...found, readAt: found.readAt ?? at, revision: found.revision + 1 }
      stored.set(id, { ...read, updatedAt: read.readAt })
      return stored.get(id)
    },
    async countByStatus() {
      const counted = all().filter(({ status }) => !['sent', 'skipped'].includes(status))
      return Object.fromEntries(
        counted.map(({ status }) => [status, counted.filter((each) => each.status === status).length]),
      )
    },
    async removeEnded(before, limit) {
      const old = all()
        .filter(
          ({ id, status }) => id < lowestUuidAt(before) && ['sent', 'skipped', 'failed'].includes(status),
        )
        .slice(0, limit)
      for (const { id } of old) stored.delete(id)
      return old.length
    },
  }
}
