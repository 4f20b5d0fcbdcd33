import { Problem } from './schemas.ts'
import { Return, Shipment, Tracking } from './routes/fulfilment-schemas.ts'
import { Order } from './routes/order-schemas.ts'
import { Cart } from './routes/cart-schemas.ts'
import { Payment, Refund } from './routes/payment-schemas.ts'
import { Promotion, ShippingMethod, TaxRate } from './routes/pricing-schemas.ts'
import { Category } from './routes/category-schemas.ts'
import { Family } from './routes/family-schemas.ts'
import { Product, StockLevel } from './routes/product-schemas.ts'
import { Receipt } from './routes/receipt-schemas.ts'
import { DeadLetter } from './routes/admin-schemas.ts'
import { OrderTimeline } from './routes/timeline-schemas.ts'
import { Figures } from './routes/analytics-schemas.ts'
import { Activity } from './routes/log-schemas.ts'
import { Delivery, FeedEntry, Preferences } from './routes/notification-schemas.ts'
import { WebhookDelivery, WebhookEndpoint, WebhookWithSecret } from './routes/webhook-schemas.ts'
import { StaffUser, User } from './routes/user-schemas.ts'

/** Those that have a name in OpenAPI. */
export const sharedSchemas = [
  ...[
    Problem,
    User,
    StaffUser,
    Product,
    Category,
    Family,
    StockLevel,
    Cart,
    Order,
    Shipment,
    Tracking,
    Return,
  ],
  ...[
    ShippingMethod,
    TaxRate,
    Promotion,
    Payment,
    Refund,
    Receipt,
    DeadLetter,
    Activity,
    OrderTimeline,
    Figures,
  ],
  ...[FeedEntry, Preferences, Delivery, WebhookEndpoint, WebhookWithSecret, WebhookDelivery],
]
