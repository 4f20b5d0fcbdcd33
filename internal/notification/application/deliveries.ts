import { requirePermission, requireSystem, requireUser, traceOf, type Call } from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import { requeue, type Delivery, type DeliveryId, type UserId } from '../domain/delivery.ts'
import { noPreferences } from '../domain/preferences.ts'
import type { Deliveries, DeliveryFilter, FeedFilter, FeedReader, PreferenceStore } from './ports.ts'

type Deps = { readonly deliveries: Deliveries; readonly now: () => Date; readonly wake: () => void }

export function listDeliveries({ deliveries }: Pick<Deps, 'deliveries'>) {
  return async (filter: DeliveryFilter, call: Call) => {
    requirePermission(call, 'notifications:read')
    return deliveries.page(filter)
  }
}

/** Only staff send again what may have been sent. */
export function retryDelivery({ deliveries, now, wake }: Deps) {
  return async (id: DeliveryId, call: Call): Promise<Done<Delivery>> => {
    requirePermission(call, 'notifications:write')
    const done = await doOnce(call.once, deliveries.findByRequest, async () => {
      const found = await deliveries.find(id)
      if (!found) throw notFound()
      const change = requeue(found, now())
      const act = {
        what: 'notification.requeued',
        subjectId: id,
        before: { status: found.status },
        after: { status: change.state.status },
      }
      if (await deliveries.store(change, { once: call.once, trace: traceOf(call), act })) return change.state
      throw new Refusal('conflict', 'notification.changed', 'the delivery has just changed; look at it again')
    })
    wake()
    return done
  }
}

export function listFeed({ deliveries }: Pick<Deps, 'deliveries'>) {
  return async (filter: FeedFilter, call: Call) => deliveries.feed(userOf(call), filter)
}

export function findFeedPosition({ deliveries }: Pick<Deps, 'deliveries'>) {
  return async (lastId: DeliveryId | undefined, call: Call) => deliveries.feedPosition(userOf(call), lastId)
}

/** What one answer has for a reader: whoever is behind asks again. Answers for many have to fit into a message. */
const followedAtOnce = 20

/** The gateway follows for all that read their feeds there. */
export function followFeeds({ deliveries, preferences }: Pick<Deps, 'deliveries'> & WithPreferences) {
  return async (readers: readonly FeedReader[], call: Call) => {
    requireSystem(call)
    const feeds = await deliveries.follow(readers, followedAtOnce)
    const news = readers.filter((_, index) => feeds[index]?.deliveries.length)
    const chosen = await preferences.find([...new Set(news.map(({ userId }) => userId))])
    return readers.map(({ userId, position }, index) => {
      const { language } = chosen.get(userId) ?? noPreferences
      return { deliveries: [], position, ...feeds[index], language }
    })
  }
}

type WithPreferences = { readonly preferences: Pick<PreferenceStore, 'find'> }

export function markRead({ deliveries, now }: Pick<Deps, 'deliveries' | 'now'>) {
  return async (id: DeliveryId, call: Call): Promise<Delivery> => {
    const read = await deliveries.markRead(userOf(call), id, now())
    if (!read) throw notFound()
    return read
  }
}

export const userOf = (call: Call): UserId => requireUser(call).userId as UserId

const notFound = (): Refusal =>
  new Refusal('not-found', 'notification.not-found', 'there is no such notification')
