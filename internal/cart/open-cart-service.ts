import type { CartService } from '../gen/cart/v1/cart_pb.ts'
import type { InventoryService } from '../gen/inventory/v1/inventory_pb.ts'
import type { PricingService } from '../gen/pricing/v1/pricing_pb.ts'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { databaseHealth } from '../platform/database-health.ts'
import { erasing, type ErasureCalls } from '../platform/erasure.ts'
import { eventType } from '../platform/event.ts'
import { openPool, type DatabaseOptions } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import type { WakeProducer } from '../platform/outbox.ts'
import { poolSql } from '../platform/pool-sql.ts'
import { reactionRpc } from '../platform/reaction.ts'
import type { Scope } from '../platform/run.ts'
import type { Handlers } from '../platform/service.ts'
import type { Opened } from '../platform/service-definition.ts'
import { listLockedCarts, lockCart, orderCart, unlockCart } from './application/checkout.ts'
import { exportCarts } from './application/export-carts.ts'
import { inTurn } from './application/in-turn.ts'
import { keepCarts } from './application/keep-carts.ts'
import { mergeCarts } from './application/merge-carts.ts'
import * as shop from './application/shop.ts'
import { viewCart } from './application/view-cart.ts'
import type { CartId, LineId } from './domain/cart.ts'
import { cartRpc } from './infrastructure/cart-rpc.ts'
import { eraseCarts } from './infrastructure/erase-people.ts'
import { exportCartsOf } from './infrastructure/export-carts.ts'
import { inventoryCatalog } from './infrastructure/inventory-catalog.ts'
import { postgresCarts } from './infrastructure/postgres-carts.ts'
import { quotePricing } from './infrastructure/quote-pricing.ts'
import { runKeeper } from './infrastructure/run-keeper.ts'

export type CartServiceOptions = {
  readonly log: Log
  readonly database: DatabaseOptions
  readonly inventory: Pick<Handlers<typeof InventoryService>, 'quoteProducts'>
  readonly pricing: Pick<Handlers<typeof PricingService>, 'quote'>
  readonly user: ErasureCalls
  readonly wakeProducer: WakeProducer
  readonly currency: string
  readonly abandonedAfterHours: number
  readonly guestsKeptForDays: number
  readonly keeperIntervalMs: number
  readonly now?: () => Date
}

/** Wires the cart service. Only this function knows which adapter implements which port. */
export function openCartService(
  scope: Scope,
  options: CartServiceOptions,
): Required<Pick<Opened<typeof CartService>, 'handlers' | 'health' | 'reactions'>> {
  const { log, database, inventory, pricing, wakeProducer, now = () => new Date() } = options
  const sql = poolSql(openPool(scope, log, database))
  const carts = postgresCarts(sql, wakeProducer)
  const erased = eventType(UserErasedSchema)
  const people = erasing({ context: 'cart', erased, user: options.user, erase: eraseCarts(sql) })
  const catalog = inventoryCatalog(inventory)
  const view = viewCart({ catalog, pricing: quotePricing(pricing), currency: options.currency })
  const deps = {
    ...{ carts, catalog, view, now, inTurn: inTurn() },
    newCartId: () => newId() as CartId,
    newLineId: () => newId() as LineId,
  }
  keep(scope, options, keepCarts({ ...options, ...deps, newTrace }))
  return {
    handlers: cartRpc({
      view,
      getCart: shop.getCart(deps),
      addToCart: shop.addToCart(deps),
      changeQuantity: shop.changeQuantity(deps),
      removeFromCart: shop.removeFromCart(deps),
      clearCart: shop.clearCart(deps),
      chooseDelivery: shop.chooseDelivery(deps),
      redeemCode: shop.redeemCode(deps),
      dropCode: shop.dropCode(deps),
      listShippingMethods: shop.listShippingMethods(deps),
      mergeCarts: mergeCarts(deps),
      lockCart: lockCart(deps),
      unlockCart: unlockCart(deps),
      orderCart: orderCart(deps),
      listLockedCarts: listLockedCarts(deps),
      exportCarts: exportCarts({ exportCartsOf: exportCartsOf(sql) }),
    }),
    reactions: reactionRpc(people.reactions, people.sweep),
    health: databaseHealth('cart', () => sql.$queryRawUnsafe('select 1')),
  }
}

const newTrace = () => ({ correlationId: newId(), causationId: '', traceparent: '' })

function keep(
  scope: Scope,
  { log, keeperIntervalMs }: CartServiceOptions,
  work: ReturnType<typeof keepCarts>,
): void {
  const stopping = new AbortController()
  const running = runKeeper({ keep: work, intervalMs: keeperIntervalMs, log }, stopping.signal)
  scope.onClose('cart keeper', async () => {
    stopping.abort()
    await running
  })
}
