import { CartService } from '../gen/cart/v1/cart_pb.ts'
import { NotificationService } from '../gen/notification/v1/notification_pb.ts'
import { OrderService } from '../gen/order/v1/order_pb.ts'
import { PaymentService } from '../gen/payment/v1/payment_pb.ts'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { defineService } from '../platform/service-definition.ts'
import { reaction } from '../platform/reaction.ts'
import { reactions } from './infrastructure/notification-events.ts'
import { notificationSettings } from './notification-settings.ts'
import { twilioContradictions } from './twilio-settings.ts'

const erasePeople = reaction('erase-notification', UserErasedSchema)

export const notificationService = defineService({
  name: 'notification',
  about: 'What people and back ends are told of what happens: mails, feeds, webhooks.',
  schema: 'notifications',
  contract: NotificationService,
  needs: {
    user: {
      contract: UserService,
      methods: ['getUser', 'describeMailRequest', 'listErasures', 'confirmErasures'],
    },
    cart: { contract: CartService, methods: ['getCart'] },
    payment: { contract: PaymentService, methods: ['drawReceipt', 'listReceipts'] },
    order: { contract: OrderService, methods: ['getOrder', 'trackOrder'] },
  },
  settings: notificationSettings,
  contradictions: twilioContradictions,
  aggregates: [
    { type: 'notification', sql: 'select id, version, created_at, updated_at from notifications.deliveries' },
    { type: 'endpoint', sql: 'select id, version, created_at, updated_at from notifications.endpoints' },
  ],
  // For endpoints, whose events it reads in order.
  broker: { reads: true },
  reactions: [...reactions, erasePeople],
  reactsWith: ({ notifyBy }) => (notifyBy.length > 0 ? [...reactions, erasePeople] : [erasePeople]),
  async open(scope, { log, nats, database, needs, settings, wakeProducer }, { streamLimits }) {
    const { openNotificationService } = await import('./open-notification-service.ts')
    const { maxAgeDays } = streamLimits
    return openNotificationService(scope, {
      log,
      nats,
      database,
      wakeProducer,
      maxAgeDays,
      owners: needs,
      ...settings,
    })
  },
})
