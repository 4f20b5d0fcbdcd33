import { CartService } from '../gen/cart/v1/cart_pb.ts'
import { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import { PricingService } from '../gen/pricing/v1/pricing_pb.ts'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { reaction } from '../platform/reaction.ts'
import { defineService } from '../platform/service-definition.ts'
import { cartSettings } from './cart-settings.ts'

export const cartService = defineService({
  name: 'cart',
  about: 'Carts of users and guests, their lines and what they are bought on.',
  schema: 'carts',
  contract: CartService,
  needs: {
    user: { contract: UserService, methods: ['listErasures', 'confirmErasures'] },
    inventory: { contract: InventoryService, methods: ['quoteProducts'] },
    pricing: { contract: PricingService, methods: ['quote'] },
  },
  settings: cartSettings,
  aggregates: [{ type: 'cart', sql: 'select id, version, created_at, updated_at from carts.carts' }],
  reactions: [reaction('erase-cart', UserErasedSchema)],
  async open(scope, { log, database, needs, settings, wakeProducer }) {
    const { openCartService } = await import('./open-cart-service.ts')
    return openCartService(scope, { log, database, wakeProducer, ...needs, ...settings })
  },
})
