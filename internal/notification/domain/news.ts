import type { Trace } from '../../platform/call.ts'
import { staffId, type Delivery, type DeliveryId, type OrderId } from './delivery.ts'
import type { Recipient, Refs, UserId } from './delivery.ts'
import { channelsOf, isOptional, type Channel, type Kind, type StaffKind } from './kinds.ts'
import { isMuted, type Preferences } from './preferences.ts'

/** Something that somebody is to be told of. */
export type News = {
  readonly eventId: string
  /** When the event's id was made. */
  readonly at: Date
  readonly kind: Kind
  /** Those of the kind, unless the event is for one of them only. */
  readonly channels?: readonly Channel[]
  readonly to: Audience
  readonly refs: Refs
  /** It is told then, and not at once. */
  readonly notBefore?: Date | undefined
  readonly trace: Trace
}

/**
 * Of an order it is known whose it is, or the event does not say: then `userId` is missing. A guest's order has
 * `undefined`.
 */
export type Audience =
  { readonly userId: UserId } | { readonly orderId: OrderId; readonly userId?: UserId | undefined }

/** Something that those who run the shop are to be told of. */
export type StaffNews = Pick<News, 'eventId' | 'at' | 'refs' | 'trace'> & { readonly kind: StaffKind }

/** What happened longer ago is told to nobody: a mail of last week's order is worse than none. */
export const isOld = ({ at }: Pick<News, 'at'>, now: Date, withinMs: number): boolean =>
  now.getTime() - at.getTime() > withinMs

export const wantedChannels = (news: News, on: readonly Channel[]): readonly Channel[] =>
  (news.channels ?? channelsOf(news.kind)).filter((channel) => on.includes(channel))

/** The order of which it must be asked whose it is, before anybody can be told. */
export function orderToAsk(news: News, on: readonly Channel[]): OrderId | undefined {
  const { to } = news
  if (!('orderId' in to) || 'userId' in to) return undefined
  return wantedChannels(news, on).includes('feed') ? to.orderId : undefined
}

type Drafting = {
  readonly on: readonly Channel[]
  /** Of those orders that were asked for; undefined for a guest's. */
  readonly ownerOf: (orderId: OrderId) => UserId | undefined
  readonly preferencesOf: (userId: UserId) => Preferences
  readonly newId: () => DeliveryId
  readonly now: Date
}

/** The deliveries that follow from it. A guest has no feed, and a feed needs no sending. */
export function draftDeliveries(news: News, drafting: Drafting): readonly Delivery[] {
  const { on, ownerOf, preferencesOf, newId, now } = drafting
  const userId =
    'userId' in news.to ? news.to.userId : 'orderId' in news.to ? ownerOf(news.to.orderId) : undefined
  return wantedChannels(news, on).flatMap((channel): readonly Delivery[] => {
    const recipient = recipientOf(channel, news.to, userId)
    if (!recipient) return []
    const isUnwanted =
      userId !== undefined &&
      isOptional(news.kind, channel) &&
      isMuted(preferencesOf(userId), news.kind, channel)
    if (isUnwanted) return []
    return [deliveryOf(news, channel, recipient, newId(), now)]
  })
}

/** One delivery by each channel that staff have. */
export const draftForStaff = (
  news: StaffNews,
  on: readonly Channel[],
  newId: () => DeliveryId,
  now: Date,
): readonly Delivery[] =>
  channelsOf(news.kind)
    .filter((channel) => on.includes(channel))
    .map((channel) => deliveryOf(news, channel, { type: 'staff', id: staffId }, newId(), now))

function recipientOf(channel: Channel, to: Audience, userId: UserId | undefined): Recipient | undefined {
  if (channel !== 'feed' && 'orderId' in to) return { type: 'order', id: to.orderId }
  return userId === undefined ? undefined : { type: 'user', id: userId }
}

/** The fields are written one by one, because this is done for each order. */
const deliveryOf = (
  { eventId, kind, refs, notBefore, trace }: Omit<News, 'to' | 'channels'>,
  channel: Channel,
  recipient: Recipient,
  id: DeliveryId,
  now: Date,
): Delivery => ({
  id,
  eventId,
  kind,
  channel,
  recipient,
  refs,
  status: channel === 'feed' ? 'sent' : 'queued',
  attempts: 0,
  failure: '',
  revision: 1,
  version: 0,
  nextAt: notBefore ?? now,
  leaseUntil: undefined,
  trace,
  readAt: undefined,
  createdAt: now,
  updatedAt: now,
})

const hourMs = 3_600_000
/** So much of a hold is left when its buyer is told that it ends. */
const shareLeft = 0.25

/** When somebody is told that stock is held no longer than until `holdUntil`: an hour before at most. */
export const reminderOf = (from: Date, holdUntil: Date): Date =>
  new Date(holdUntil.getTime() - Math.min(hourMs, (holdUntil.getTime() - from.getTime()) * shareLeft))
