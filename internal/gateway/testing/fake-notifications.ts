import type { NotificationService } from '../../gen/notification/v1/notification_pb.ts'
import type { Handlers } from '../../platform/service.ts'

const time = '2026-11-20T08:00:00.000Z'
const orderId = '01920000-0000-7000-8000-0000000000e0'

const entry = {
  ...{
    id: '01920000-0000-7000-8000-0000000000d1',
    kind: 'order.shipped',
    title: 'On its way',
    text: 'It left.',
  },
  ...{ url: 'https://shop.example/orders/1', orderId, createdAt: time, readAt: '' },
}

const preferences = {
  language: '',
  preferences: [{ kind: 'cart.abandoned', channel: 'email', enabled: true, fixed: false }],
}

const delivery = {
  ...{
    id: '01920000-0000-7000-8000-0000000000d2',
    eventId: orderId,
    kind: 'order.confirmed',
    channel: 'email',
  },
  ...{ recipientType: 'order', recipientId: orderId, status: 'failed', attempts: 2, failure: 'smtp-550' },
  ...{ createdAt: time, updatedAt: time },
}

const endpoint = {
  ...{ id: '01920000-0000-7000-8000-0000000000d3', url: 'https://example.com/hook', events: ['order.*'] },
  ...{ isPaused: false, pausedAt: '', pauseReason: '', createdAt: time, updatedAt: time },
}

const webhook = {
  ...{ id: '01920000-0000-7000-8000-0000000000d4', eventId: orderId, type: 'order.created' },
  ...{ subject: orderId, status: 'queued', attempts: 1, failure: 'http-500' },
  ...{ occurredAt: time, nextAt: time, updatedAt: time },
}

const webhooks = {
  createEndpoint: async () => ({ endpoint, secret: 'whsec_shown', replayed: false }),
  listEndpoints: async () => ({ endpoints: [endpoint] }),
  getEndpoint: async () => ({
    endpoint: { ...endpoint, isPaused: true, pausedAt: time, pauseReason: 'http-410' },
  }),
  changeEndpoint: async ({ rotateSecret }: { rotateSecret: boolean }) => ({
    endpoint,
    secret: rotateSecret ? 'whsec_new' : '',
  }),
  deleteEndpoint: async () => ({}),
  listWebhookDeliveries: async () => ({
    deliveries: [webhook, { ...webhook, status: 'delivered', failure: '' }],
    nextId: '7',
  }),
  redeliverWebhook: async () => ({ delivery: webhook, replayed: false }),
  replayWebhooks: async () => ({ count: 3, replayed: false }),
}

export const fakeNotifications: Handlers<typeof NotificationService> = {
  ...webhooks,
  listFeed: async ({ afterId }) => ({
    // Whoever reads all pages comes to an end.
    ...{ entries: [entry], nextId: afterId === undefined ? entry.id : undefined, unread: 1 },
  }),
  findFeedPosition: async ({ lastId }) => ({ position: '1', lastId: lastId ?? entry.id }),
  followFeeds: async ({ readers }) => ({
    feeds: readers.map(({ position }) => ({ entries: [], position })),
  }),
  markRead: async () => ({ entry: { ...entry, readAt: time } }),
  getPreferences: async () => ({ preferences }),
  changePreferences: async ({ language = '' }) => ({ preferences: { ...preferences, language } }),
  unsubscribe: async () => ({}),
  listDeliveries: async () => ({ deliveries: [delivery], nextId: delivery.id }),
  retryDelivery: async () => ({ delivery: { ...delivery, status: 'queued', failure: '' }, replayed: false }),
}
