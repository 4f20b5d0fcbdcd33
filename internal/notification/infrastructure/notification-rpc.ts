import type { NotificationService } from '../../gen/notification/v1/notification_pb.ts'
import type { Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type {
  findFeedPosition,
  followFeeds,
  listDeliveries,
  listFeed,
  markRead,
  retryDelivery,
} from '../application/deliveries.ts'
import type { changePreferences, getPreferences, unsubscribe } from '../application/preferences.ts'
import type { Links } from '../domain/catalogue/catalogue.ts'
import { deliveryStatuses, type DeliveryId, type DeliveryStatus, type UserId } from '../domain/delivery.ts'
import { channels, isChannel, type Channel } from '../domain/kinds.ts'
import type { Language } from '../domain/language.ts'
import type { WebhookCalls } from './webhooks/webhook-rpc.ts'
import { deliveryJson, feedEntryJson, preferencesJson } from './delivery-json.ts'

export type NotificationApp = {
  readonly listFeed: ReturnType<typeof listFeed>
  readonly findFeedPosition: ReturnType<typeof findFeedPosition>
  readonly followFeeds: ReturnType<typeof followFeeds>
  readonly markRead: ReturnType<typeof markRead>
  readonly getPreferences: ReturnType<typeof getPreferences>
  readonly changePreferences: ReturnType<typeof changePreferences>
  readonly unsubscribe: ReturnType<typeof unsubscribe>
  readonly listDeliveries: ReturnType<typeof listDeliveries>
  readonly retryDelivery: ReturnType<typeof retryDelivery>
  readonly links: Links
  readonly defaultLanguage: Language
}

/** Each method of the contract parses the request, runs a use case and encodes the answer. */
export function notificationRpc(
  app: NotificationApp,
): Omit<Handlers<typeof NotificationService>, keyof WebhookCalls> {
  const languageOf = async (call: Call): Promise<Language> =>
    (await app.getPreferences(call)).language ?? app.defaultLanguage
  return {
    async listFeed({ unread: isUnreadOnly, limit, afterId }, call) {
      const filter = { isUnreadOnly, limit: limitOf(limit), after: afterOf(afterId) }
      const { deliveries, next, unread } = await app.listFeed(filter, call)
      const language = await languageOf(call)
      const entries = deliveries.map((each) => feedEntryJson(each, language, app.links))
      return { entries, nextId: next, unread }
    },
    async findFeedPosition({ lastId }, call) {
      const found = await app.findFeedPosition(afterOf(lastId), call)
      return { position: String(found.position), lastId: found.lastId ?? lastId ?? nilUuid }
    },
    async followFeeds({ readers }, call) {
      const followed = readers.map(({ userId, position }) => {
        return { userId: userId as UserId, position: BigInt(position) }
      })
      const feeds = await app.followFeeds(followed, call)
      return {
        feeds: feeds.map(({ deliveries, position, language = app.defaultLanguage }) => ({
          entries: deliveries.map((each) => feedEntryJson(each, language, app.links)),
          position: String(position),
        })),
      }
    },
    async markRead({ id }, call) {
      const read = await app.markRead(idOf(id), call)
      return { entry: feedEntryJson(read, await languageOf(call), app.links) }
    },
    getPreferences: async (_request, call) => ({
      preferences: preferencesJson(await app.getPreferences(call)),
    }),
    async changePreferences({ language, preferences: wanted }, call) {
      return { preferences: preferencesJson(await app.changePreferences({ language, wanted }, call)) }
    },
    async unsubscribe({ token }) {
      await app.unsubscribe(token)
      return {}
    },
    async listDeliveries({ status, channel, limit, afterId }, call) {
      const filter = {
        ...{ status: statusOf(status), channel: channelOf(channel) },
        ...{ limit: limitOf(limit), after: afterOf(afterId) },
      }
      const { deliveries, next } = await app.listDeliveries(filter, call)
      return { deliveries: deliveries.map(deliveryJson), nextId: next }
    },
    async retryDelivery({ id }, call) {
      const { result, isReplay } = await app.retryDelivery(idOf(id), call)
      return { delivery: deliveryJson(result), replayed: isReplay }
    },
  }
}

const mostListed = 100

/** It is below every entry's id. */
const nilUuid = '00000000-0000-0000-0000-000000000000'

const limitOf = (limit: number): number => Math.min(Math.max(1, limit), mostListed)

const idOf = (id: string): DeliveryId =>
  parseUuid(id, 'notification.invalid-id', "a notification's id") as DeliveryId

const afterOf = (id: string | undefined): DeliveryId | undefined => (id === undefined ? undefined : idOf(id))

function statusOf(text: string | undefined): DeliveryStatus | undefined {
  const status = deliveryStatuses.find((each) => each === text)
  if (text === undefined || status !== undefined) return status
  throw new Refusal('invalid', 'notification.invalid-filter', `a status is ${deliveryStatuses.join(', ')}`)
}

function channelOf(text: string | undefined): Channel | undefined {
  if (text === undefined || isChannel(text)) return text
  throw new Refusal('invalid', 'notification.invalid-filter', `a channel is ${channels.join(', ')}`)
}
