import type { Endpoint } from './endpoint.ts'
import { graphqlRoutes, type GraphqlDeps } from './graphql/graphql-routes.ts'
import { addressRoutes, type AddressDeps } from './routes/address-routes.ts'
import { adminRoutes, type AdminDeps } from './routes/admin-routes.ts'
import { analyticsRoutes, type AnalyticsDeps } from './routes/analytics-routes.ts'
import { apiKeyRoutes, type ApiKeyDeps } from './routes/api-key-routes.ts'
import { cartRoutes, type CartDeps } from './routes/cart-routes.ts'
import { catalogueFileRoutes, type CatalogueFileDeps } from './routes/catalogue-file-routes.ts'
import { categoryRoutes, type CategoryDeps } from './routes/category-routes.ts'
import { checkoutRoutes, type CheckoutDeps } from './routes/checkout-routes.ts'
import { erasureRoutes, type ErasureDeps } from './routes/erasure-routes.ts'
import { exportRoutes, type ExportDeps } from './routes/export-routes.ts'
import { familyRoutes, type FamilyDeps } from './routes/family-routes.ts'
import { fulfilmentRoutes } from './routes/fulfilment-routes.ts'
import { imageRoutes, type ImageDeps } from './routes/image-routes.ts'
import { logRoutes, type LogDeps } from './routes/log-routes.ts'
import { identityRoutes, type IdentityDeps } from './routes/identity-routes.ts'
import { mailedLinkRoutes, type MailedLinkDeps } from './routes/mailed-link-routes.ts'
import { notificationRoutes, type NotificationDeps } from './routes/notification-routes.ts'
import { orderRoutes, type OrderDeps } from './routes/order-routes.ts'
import { payingRoutes, type PayingDeps } from './routes/paying-routes.ts'
import { paymentRoutes, type PaymentDeps } from './routes/payment-routes.ts'
import { providerMessageRoutes } from './routes/provider-message-routes.ts'
import { pricingRoutes, type PricingDeps } from './routes/pricing-routes.ts'
import { productRoutes, type ProductDeps } from './routes/product-routes.ts'
import { receiptRoutes, type ReceiptDeps } from './routes/receipt-routes.ts'
import { secondFactorRoutes, type SecondFactorDeps } from './routes/second-factor-routes.ts'
import { sessionRoutes, type SessionDeps } from './routes/session-routes.ts'
import { staffMoneyRoutes } from './routes/staff-money-routes.ts'
import { staffUserRoutes, type StaffUserDeps } from './routes/staff-user-routes.ts'
import { streamRoutes, type StreamDeps } from './routes/stream-routes.ts'
import { stockRoutes, type StockDeps } from './routes/stock-routes.ts'
import { systemRoutes, type SystemDeps } from './routes/system-routes.ts'
import { timelineRoutes } from './routes/timeline-routes.ts'
import { userRoutes, type UserDeps } from './routes/user-routes.ts'
import { webhookRoutes } from './routes/webhook-routes.ts'

export type EndpointDeps = UserDeps &
  AddressDeps &
  SessionDeps &
  MailedLinkDeps &
  IdentityDeps &
  StaffUserDeps &
  ProductDeps &
  CategoryDeps &
  FamilyDeps &
  ImageDeps &
  CatalogueFileDeps &
  StockDeps &
  CartDeps &
  CheckoutDeps &
  OrderDeps &
  PayingDeps &
  PaymentDeps &
  ReceiptDeps &
  PricingDeps &
  NotificationDeps &
  StreamDeps &
  AdminDeps &
  LogDeps &
  AnalyticsDeps &
  ApiKeyDeps &
  ErasureDeps &
  ExportDeps &
  GraphqlDeps &
  SecondFactorDeps &
  SystemDeps

/** The whole API: its endpoints, who may call them, and what they take and return. */
export function endpoints(deps: EndpointDeps): readonly Endpoint[] {
  const rest = [
    ...exportRoutes(deps),
    ...userRoutes(deps),
    ...addressRoutes(deps),
    ...erasureRoutes(deps),
    ...sessionRoutes(deps),
    ...mailedLinkRoutes(deps),
    ...secondFactorRoutes(deps),
    ...identityRoutes(deps),
    ...productRoutes(deps),
    ...categoryRoutes(deps),
    ...familyRoutes(deps),
    ...imageRoutes(deps),
    ...catalogueFileRoutes(deps),
    ...stockRoutes(deps),
    ...cartRoutes(deps),
    ...checkoutRoutes(deps),
    ...orderRoutes(deps),
    ...fulfilmentRoutes(deps),
    ...payingRoutes(deps),
    ...paymentRoutes(deps),
    ...providerMessageRoutes(deps),
    ...receiptRoutes(deps),
    ...staffMoneyRoutes(deps),
    ...staffUserRoutes(deps),
    ...adminRoutes(deps),
    ...timelineRoutes(deps),
    ...logRoutes(deps),
    ...analyticsRoutes(deps),
    ...apiKeyRoutes(deps),
    ...pricingRoutes(deps),
    ...notificationRoutes(deps),
    ...streamRoutes(deps),
    ...webhookRoutes(deps),
    ...systemRoutes(deps),
  ]
  return [...rest, ...graphqlRoutes(rest, deps)]
}
