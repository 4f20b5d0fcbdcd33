import type { Endpoint } from './endpoint.ts'
import { adminRoutes, type AdminDeps } from './routes/admin-routes.ts'
import { orderRoutes, type OrderDeps } from './routes/order-routes.ts'
import { paymentRoutes, type PaymentDeps } from './routes/payment-routes.ts'
import { productRoutes, type ProductDeps } from './routes/product-routes.ts'
import { stockRoutes, type StockDeps } from './routes/stock-routes.ts'
import { userRoutes, type UserDeps } from './routes/user-routes.ts'

export type EndpointDeps = UserDeps & ProductDeps & StockDeps & OrderDeps & PaymentDeps & AdminDeps

/** The whole API: its endpoints, who may call them, and what they take and return. */
export function endpoints(deps: EndpointDeps): readonly Endpoint[] {
  return [
    ...userRoutes(deps),
    ...productRoutes(deps),
    ...stockRoutes(deps),
    ...orderRoutes(deps),
    ...paymentRoutes(deps),
    ...adminRoutes(deps),
  ]
}
