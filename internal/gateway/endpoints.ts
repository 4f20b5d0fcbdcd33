import type { Endpoint } from './endpoint.ts'
import { adminRoutes, type AdminDeps } from './routes/admin-routes.ts'
import { apiKeyRoutes, type ApiKeyDeps } from './routes/api-key-routes.ts'
import { cartRoutes, type CartDeps } from './routes/cart-routes.ts'
import { checkoutRoutes, type CheckoutDeps } from './routes/checkout-routes.ts'
import { erasureRoutes, type ErasureDeps } from './routes/erasure-routes.ts'
import { exportRoutes, type ExportDeps } from './routes/export-routes.ts'
import { fulfilmentRoutes } from './routes/fulfilment-routes.ts'
import { logRoutes, type LogDeps } from './routes/log-routes.ts'
import { identityRoutes, type IdentityDeps } from './routes/identity-routes.ts'
import { mailedLinkRoutes, type MailedLinkDeps } from './routes/mailed-link-routes.ts'
import { notificationRoutes, type NotificationDeps } from './routes/notification-routes.ts'
import { orderRoutes, type OrderDeps } from './routes/order-routes.ts'
import { payingRoutes, type PayingDeps } from './routes/paying-routes.ts'
import { paymentRoutes, type PaymentDeps } from './routes/payment-routes.ts'
import { pricingRoutes, type PricingDeps } from './routes/pricing-routes.ts'
import { productRoutes, type ProductDeps } from './routes/product-routes.ts'
import { receiptRoutes, type ReceiptDeps } from './routes/receipt-routes.ts'
import { secondFactorRoutes, type SecondFactorDeps } from './routes/second-factor-routes.ts'
import { sessionRoutes, type SessionDeps } from './routes/session-routes.ts'
import { staffMoneyRoutes } from './routes/staff-money-routes.ts'
import { staffUserRoutes, type StaffUserDeps } from './routes/staff-user-routes.ts'
import { stockRoutes, type StockDeps } from './routes/stock-routes.ts'
import { userRoutes, type UserDeps } from './routes/user-routes.ts'
import { webhookRoutes } from './routes/webhook-routes.ts'

export type EndpointDeps = UserDeps &
  SessionDeps &
  MailedLinkDeps &
  IdentityDeps &
  StaffUserDeps &
  ProductDeps &
  StockDeps &
  CartDeps &
  CheckoutDeps &
  OrderDeps &
  PayingDeps &
  PaymentDeps &
  ReceiptDeps &
  PricingDeps &
  NotificationDeps &
  AdminDeps &
  LogDeps &
  ApiKeyDeps &
  ErasureDeps &
  ExportDeps &
  SecondFactorDeps

/** The whole API: its endpoints, who may call them, and what they take and return. */
export function endpoints(deps: EndpointDeps): readonly Endpoint[] {
  return [
    ...exportRoutes(deps),
    ...userRoutes(deps),
    ...erasureRoutes(deps),
    ...sessionRoutes(deps),
    ...mailedLinkRoutes(deps),
    ...secondFactorRoutes(deps),
    ...identityRoutes(deps),
    ...productRoutes(deps),
    ...stockRoutes(deps),
    ...cartRoutes(deps),
    ...checkoutRoutes(deps),
    ...orderRoutes(deps),
    ...fulfilmentRoutes(deps),
    ...payingRoutes(deps),
    ...paymentRoutes(deps),
    ...receiptRoutes(deps),
    ...staffMoneyRoutes(deps),
    ...staffUserRoutes(deps),
    ...adminRoutes(deps),
    ...logRoutes(deps),
    ...apiKeyRoutes(deps),
    ...pricingRoutes(deps),
    ...notificationRoutes(deps),
    ...webhookRoutes(deps),
  ]
}
