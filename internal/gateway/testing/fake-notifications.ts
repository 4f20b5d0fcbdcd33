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

export const fakeNotifications: Handlers<typeof NotificationService> = {
  listFeed: async ({ afterId }) => ({
    // Whoever reads all pages comes to an end.
    ...{ entries: [entry], nextId: afterId === undefined ? entry.id : undefined, unread: 1 },
  }),
  markRead: async () => ({ entry: { ...entry, readAt: time } }),
  getPreferences: async () => ({ preferences }),
  changePreferences: async ({ language = '' }) => ({ preferences: { ...preferences, language } }),
  unsubscribe: async () => ({}),
  listDeliveries: async () => ({ deliveries: [delivery], nextId: delivery.id }),
  retryDelivery: async () => ({ delivery: { ...delivery, status: 'queued', failure: '' }, replayed: false }),
}
