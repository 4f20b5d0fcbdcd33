import type { NotificationService } from '../../gen/notification/v1/notification_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Cursors } from '../cursor.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { pageLength } from '../limits.ts'
import { IdParams, pageOf, refTo } from '../schemas.ts'
import {
  DeliveriesQuery,
  Delivery,
  deliveryBody,
  FeedEntry,
  feedEntryBody,
  FeedPage,
  FeedQuery,
  Preferences,
  PreferencesBody,
  preferencesBody,
} from './notification-schemas.ts'
import { unsubscribeRoutes } from './unsubscribe-routes.ts'

export type NotificationDeps = {
  readonly notifications: Handlers<typeof NotificationService>
  readonly cursors: Cursors
}

export function notificationRoutes(deps: NotificationDeps): readonly Endpoint[] {
  return [...feedRoutes(deps), ...preferenceRoutes(deps), ...unsubscribeRoutes(deps), ...deliveryRoutes(deps)]
}

function feedRoutes({ notifications, cursors }: NotificationDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/notifications',
      access: 'customer',
      tag: 'notifications',
      id: 'listNotifications',
      summary: "List one's own notifications, newest first",
      query: FeedQuery,
      status: 200,
      response: FeedPage,
      async handle({ query }, call, identity) {
        const list = ['notifications', identity?.userId, query.unread ?? false]
        const [afterId] = cursors.read(list, query.cursor) ?? []
        const request = { unread: query.unread ?? false, limit: query.limit ?? pageLength.default, afterId }
        const { entries, nextId, unread } = await notifications.listFeed(request, call)
        const nextCursor = cursors.write(list, nextId === undefined ? undefined : [nextId])
        return { body: { data: entries.map(feedEntryBody), nextCursor, unread } }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/notifications/:id/read',
      access: 'customer',
      tag: 'notifications',
      id: 'markNotificationRead',
      summary: "Mark one of one's own notifications as read; it stays read",
      params: IdParams,
      status: 200,
      response: refTo(FeedEntry),
      handle: async ({ params }, call) => ({
        body: feedEntryBody((await notifications.markRead(params, call)).entry),
      }),
    }),
  ]
}

function preferenceRoutes({ notifications }: NotificationDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/users/me/notification-preferences',
      access: 'customer',
      tag: 'notifications',
      id: 'getNotificationPreferences',
      summary: 'Show of what one is told, by which channel and in which language',
      status: 200,
      response: refTo(Preferences),
      handle: async (_input, call) => ({
        body: preferencesBody((await notifications.getPreferences({}, call)).preferences),
      }),
    }),
    endpoint({
      method: 'PUT',
      path: '/users/me/notification-preferences',
      access: 'customer',
      tag: 'notifications',
      id: 'changeNotificationPreferences',
      summary:
        'Choose of what one is told, by which channel and in which language; what belongs to an order or an account is always on',
      body: PreferencesBody,
      status: 200,
      response: refTo(Preferences),
      async handle({ body }, call) {
        const { language, preferences = [] } = body
        const wanted = preferences.map(({ kind, channel, enabled }) => ({ kind, channel, enabled }))
        const request = {
          language: language === undefined ? undefined : (language ?? ''),
          preferences: wanted,
        }
        return { body: preferencesBody((await notifications.changePreferences(request, call)).preferences) }
      },
    }),
  ]
}

function deliveryRoutes({ notifications, cursors }: NotificationDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/notifications',
      access: 'staff',
      permission: 'notifications:read',
      tag: 'admin',
      id: 'listDeliveries',
      summary: 'List what people were told, or were to be told, newest first',
      query: DeliveriesQuery,
      status: 200,
      response: pageOf(Delivery),
      async handle({ query }, call) {
        const { status, channel } = query
        const list = ['deliveries', status, channel]
        const [afterId] = cursors.read(list, query.cursor) ?? []
        const request = { status, channel, limit: query.limit ?? pageLength.default, afterId }
        const { deliveries, nextId } = await notifications.listDeliveries(request, call)
        const next = nextId === undefined ? undefined : [nextId]
        return { body: { data: deliveries.map(deliveryBody), nextCursor: cursors.write(list, next) } }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/admin/notifications/:id/retry',
      access: 'staff',
      permission: 'notifications:write',
      tag: 'admin',
      id: 'retryDelivery',
      summary: 'Send again what has failed, or of which nobody knows whether it was sent',
      params: IdParams,
      takesIdempotencyKey: true,
      status: 200,
      response: refTo(Delivery),
      async handle({ params }, call) {
        const { delivery, replayed } = await notifications.retryDelivery(params, call)
        return { body: deliveryBody(delivery), isReplay: replayed }
      },
    }),
  ]
}
