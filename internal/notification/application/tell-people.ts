import type { Trace } from '../../platform/call.ts'
import type { DeliveryId, OrderId, UserId } from '../domain/delivery.ts'
import { isOptional, type Channel } from '../domain/kinds.ts'
import { draftDeliveries, isOld, orderToAsk, wantedChannels, type News } from '../domain/news.ts'
import { noPreferences } from '../domain/preferences.ts'
import type { Deliveries, Owners, PreferenceStore } from './ports.ts'

type Deps = {
  readonly deliveries: Pick<Deliveries, 'add'>
  readonly preferences: Pick<PreferenceStore, 'find'>
  readonly owners: Pick<Owners, 'order'>
  /** Those that are on. */
  readonly channels: readonly Channel[]
  readonly withinMs: number
  readonly newDeliveryId: () => DeliveryId
  readonly now: () => Date
  /** Called when there is something to send. */
  readonly wake: () => void
}

/**
 * Stores what is to be told, all of a batch in one statement. An event that comes again adds nothing, because a delivery
 * has one row for each event, channel, recipient and kind.
 */
export function tellPeople(deps: Deps) {
  const { deliveries, channels, withinMs, newDeliveryId, now, wake } = deps
  return async (news: readonly News[]): Promise<readonly undefined[]> => {
    const at = now()
    const fresh = news.filter(
      (each) => !isOld(each, at, withinMs) && wantedChannels(each, channels).length > 0,
    )
    if (fresh.length > 0) {
      const owners = await ownersOf(deps, fresh)
      const chosen = await deps.preferences.find(askedUsers(fresh, channels))
      const drafting = {
        ...{ on: channels, newId: newDeliveryId, now: at },
        ownerOf: (orderId: OrderId) => owners.get(orderId),
        preferencesOf: (userId: UserId) => chosen.get(userId) ?? noPreferences,
      }
      const drafts = fresh.flatMap((each) => draftDeliveries(each, withOwners(each, drafting)))
      if (drafts.length > 0 && (await deliveries.add(drafts)) > 0) wake()
    }
    return news.map(() => undefined)
  }
}

/** An event that names the owner needs no question. */
function withOwners<Drafting extends { readonly ownerOf: (orderId: OrderId) => UserId | undefined }>(
  { to }: News,
  drafting: Drafting,
): Drafting {
  return 'orderId' in to && 'userId' in to ? { ...drafting, ownerOf: () => to.userId } : drafting
}

/** Whose the orders are of which the events do not say it. Those are few: parcels, refunds, returns. */
async function ownersOf(
  { owners, channels }: Deps,
  news: readonly News[],
): Promise<ReadonlyMap<OrderId, UserId | undefined>> {
  const asked = new Map<OrderId, Trace>()
  for (const each of news) {
    const orderId = orderToAsk(each, channels)
    if (orderId !== undefined) asked.set(orderId, each.trace)
  }
  const found = await Promise.all(
    [...asked].map(
      async ([orderId, trace]) => [orderId, (await owners.order(orderId, trace))?.userId] as const,
    ),
  )
  return new Map(found)
}

/** Only what can be switched off depends on what somebody has chosen. */
const askedUsers = (news: readonly News[], on: readonly Channel[]): readonly UserId[] =>
  news.flatMap((each) => {
    const { kind, to } = each
    if (!('userId' in to) || to.userId === undefined) return []
    return wantedChannels(each, on).some((channel) => isOptional(kind, channel)) ? [to.userId] : []
  })
