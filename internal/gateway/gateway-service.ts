import { AnalyticsService } from '../gen/analytics/v1/analytics_pb.ts'
import { CartService } from '../gen/cart/v1/cart_pb.ts'
import { ConsumerService } from '../gen/consumer/v1/consumer_pb.ts'
import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { NotificationService } from '../gen/notification/v1/notification_pb.ts'
import { OrderService } from '../gen/order/v1/order_pb.ts'
import { PaymentService } from '../gen/payment/v1/payment_pb.ts'
import { PricingService } from '../gen/pricing/v1/pricing_pb.ts'
import { SearchService } from '../gen/search/v1/search_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { imageStoreContradictions } from '../platform/files/image-settings.ts'
import { defineService } from '../platform/service-definition.ts'
import {
  catalogueSubjects,
  decisionSubjects,
  gatewaySubject,
  orderLifeSubjects,
  topics,
} from './event-subjects.ts'
import { gatewaySettings } from './gateway-settings.ts'

/** The audit of some hundred thousand orders takes a few seconds. */
const auditTimeoutMs = 60_000

/** Stock is reserved and released by the order service only. */
const catalogueMethods = [
  'createProduct',
  'updateProduct',
  'deleteProduct',
  'getProduct',
  'listProducts',
  'readProducts',
  'listFamilies',
  'getFamily',
  'readFamilies',
  'createFamily',
  'updateFamily',
  'deleteFamily',
  'listCategories',
  'getCategory',
  'createCategory',
  'updateCategory',
  'deleteCategory',
  'reserveImage',
  'addImage',
  'deleteImage',
  'getStock',
  'adjustStock',
  'listLowStock',
  'importProducts',
  'listProductColumns',
] as const

/** Carts are locked and given back by services only. */
const cartMethods = [
  'getCart',
  'addItem',
  'changeItem',
  'removeItem',
  'clearCart',
  'setDelivery',
  'listShippingMethods',
  'addPromotion',
  'removePromotion',
  'mergeCarts',
  'exportCarts',
] as const

/** All else of payments is for the order service only. */
const paymentMethods = [
  'getPayment',
  'listPaymentMethods',
  'capturePayment',
  'voidPayment',
  'refundPayment',
  'receiveWebhook',
  'listDeadWebhooks',
  'requeueWebhook',
  'getReceipt',
  'drawReceipt',
  'listRefunds',
  'settleRefund',
  'repeatRefund',
  'listSuspense',
  'resolveSuspense',
  'hasOpenMoney',
] as const
/** Prices are asked for by carts and orders only, and redemptions are theirs. */
const ruleMethods = (['ShippingMethod', 'TaxRate', 'Promotion'] as const).flatMap(
  (rule) => [`create${rule}`, `update${rule}`, `delete${rule}`, `get${rule}`, `list${rule}s`] as const,
)

export const gatewayService = defineService({
  name: 'gateway',
  about: 'HTTP: routes, tokens, limits and documentation. It knows other services only by their contracts.',
  schema: undefined,
  contract: undefined,
  needs: {
    user: { contract: UserService },
    inventory: { contract: InventoryService, methods: catalogueMethods },
    search: { contract: SearchService },
    cart: { contract: CartService, methods: cartMethods },
    order: { contract: OrderService },
    payment: { contract: PaymentService, methods: paymentMethods },
    pricing: { contract: PricingService, methods: ruleMethods },
    notification: { contract: NotificationService },
    analytics: { contract: AnalyticsService },
    consumer: { contract: ConsumerService, timeoutMs: auditTimeoutMs },
  },
  settings: gatewaySettings,
  contradictions: imageStoreContradictions,
  aggregates: [],
  reactions: [],
  broker: {
    asksHealth: true,
    hears: [...catalogueSubjects, ...decisionSubjects, ...orderLifeSubjects],
    speaks: topics.map(gatewaySubject),
  },
  async open(scope, { log, nats, settings, needs }, { health, isProduction }) {
    const { openGateway } = await import('./gateway.ts')
    const { maxConnections, maxConnectionsPerAddress, trustProxy, operationsHost, operationsPort } = settings
    const { maxEventStreams: total, eventStreamsPerAccount: perAccount } = settings
    return openGateway(scope, {
      ...settings,
      ...{ log, nats, health },
      introspects: !isProduction,
      operations: { host: operationsHost, port: operationsPort },
      users: needs.user,
      inventory: needs.inventory,
      search: needs.search,
      carts: needs.cart,
      orders: needs.order,
      payments: needs.payment,
      pricing: needs.pricing,
      notifications: needs.notification,
      analytics: needs.analytics,
      consumer: needs.consumer,
      streams: { total, perAccount },
      connections: {
        total: maxConnections,
        // The address of a proxy stands for all of its clients, so it may have all connections.
        perAddress: trustProxy.length === 0 ? maxConnectionsPerAddress : maxConnections,
      },
    })
  },
})
