import { pino } from 'pino'
import { listLockedCarts, lockCart, orderCart, unlockCart } from '../../internal/cart/application/checkout.ts'
import { inTurn } from '../../internal/cart/application/in-turn.ts'
import { keepCarts } from '../../internal/cart/application/keep-carts.ts'
import { mergeCarts } from '../../internal/cart/application/merge-carts.ts'
import type { Carts } from '../../internal/cart/application/ports.ts'
import * as shop from '../../internal/cart/application/shop.ts'
import { viewCart } from '../../internal/cart/application/view-cart.ts'
import type { CartId, LineId } from '../../internal/cart/domain/cart.ts'
import { cartRpc } from '../../internal/cart/infrastructure/cart-rpc.ts'
import { inventoryCatalog } from '../../internal/cart/infrastructure/inventory-catalog.ts'
import { quotePricing } from '../../internal/cart/infrastructure/quote-pricing.ts'
import { runKeeper } from '../../internal/cart/infrastructure/run-keeper.ts'
import { systemCall, traceOf } from '../../internal/platform/call.ts'
import type { CartHandlers, Parts } from './parts.ts'
import type { Process } from './process.ts'

/** So short that carts are abandoned within a run. */
const abandonedAfterHours = 25 / 3_600
const keeperIntervalMs = 10_000
/** No run is so long. */
const guestsKeptForDays = 1_000

/** Starts one life of a cart process: its calls and its keeper. */
export function startCart(parts: Parts, process: Process): CartHandlers {
  const { network, stores, newUuid } = parts
  const carts: Carts = network.over(process, 'carts', stores.carts)
  const catalog = inventoryCatalog(parts.inventoryFor(process))
  const view = viewCart({ catalog, pricing: quotePricing(parts.pricingFor(process)), currency: 'USD' })
  const deps = {
    ...{ carts, catalog, view, inTurn: inTurn() },
    now: () => parts.now(process),
    newCartId: () => newUuid(process) as CartId,
    newLineId: () => newUuid(process) as LineId,
  }
  const newTrace = () => traceOf(systemCall(newUuid(process)))
  const keep = keepCarts({ ...deps, abandonedAfterHours, guestsKeptForDays, newTrace })
  const keeping = { keep, intervalMs: keeperIntervalMs, log: pino({ level: 'silent' }) }
  void runKeeper(keeping, process.stop.signal)
  return cartRpc({
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
    exportCarts: async () => ({ carts: [], next: undefined }),
  })
}
