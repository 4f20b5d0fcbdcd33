import { analyticsService } from './analytics/analytics-service.ts'
import { cartService } from './cart/cart-service.ts'
import { consumerService } from './consumer/consumer-service.ts'
import { gatewayService } from './gateway/gateway-service.ts'
import { inventoryService } from './inventory/inventory-service.ts'
import { notificationService } from './notification/notification-service.ts'
import { orderService } from './order/order-service.ts'
import type { Service, System } from './platform/service-definition.ts'
import { paymentService } from './payment/payment-service.ts'
import { pricingService } from './pricing/pricing-service.ts'
import { producerService } from './producer/producer-service.ts'
import { searchService } from './search/search-service.ts'
import { userService } from './user/user-service.ts'

/** All services in the order in which they are opened: a service comes before those that need it. */
export const services: readonly Service[] = [
  producerService,
  userService,
  inventoryService,
  searchService,
  pricingService,
  cartService,
  paymentService,
  orderService,
  notificationService,
  analyticsService,
  consumerService,
  gatewayService,
]

/** The names of the services that have a schema. */
export const storingServices: readonly string[] = services
  .filter(({ schema }) => schema !== undefined)
  .map(({ name }) => name)

/** The kinds of aggregates that have events, for the audit. */
export const aggregates: System['aggregates'] = services.flatMap((service) =>
  service.aggregates.map((aggregate) => ({ ...aggregate, service: service.name })),
)
