import { pino } from 'pino'
import { checkout } from '../../internal/order/application/checkout.ts'
import type { Checkouts } from '../../internal/order/application/checkouts.ts'
import { followUp } from '../../internal/order/application/follow-up.ts'
import { reapLocks } from '../../internal/order/application/reap-locks.ts'
import { releaseUnneeded } from '../../internal/order/application/release-canceled-orders.ts'
import { reopenCart } from '../../internal/order/application/reopen-cart.ts'
import type { PaymentId } from '../../internal/order/domain/terms.ts'
import { shoppersCarts } from '../../internal/order/infrastructure/cart-ports.ts'
import { followUpSoon } from '../../internal/order/infrastructure/follow-up-soon.ts'
import type { holdBack } from '../../internal/order/infrastructure/hold-back.ts'
import { pricingPrices } from '../../internal/order/infrastructure/pricing-ports.ts'
import { noCheckout, noCheckoutSweep } from '../../internal/order/testing/no-checkout.ts'
import { createScope } from '../../internal/platform/run.ts'
import type { OrderPorts } from './order-ports.ts'
import type { Parts } from './parts.ts'
import type { Process } from './process.ts'
import { withSeams } from './seams.ts'

type Counted = ReturnType<typeof holdBack>['counted']

/** What an order process does with carts; nothing in a world without them. */
export function checkoutParts(parts: Parts, process: Process, deps: OrderPorts) {
  const { setup } = parts
  if (!setup.carts) return { deps, app: () => noCheckout, sweep: noCheckoutSweep }
  const ports = portsOf(parts, process)
  const release = releaseUnneeded(deps)
  const follow = followUp({ ...deps, ...ports, release })
  const scope = createScope(pino({ level: 'silent' }), () => undefined)
  const { paymentHoldSeconds, actionHoldSeconds, offlineHoldSeconds } = setup.carts
  const all = {
    ...{ ...deps, ...ports, ...followUpSoon(scope, deps, follow, () => undefined), followUp: follow },
    ...{ paymentHoldSeconds, actionHoldSeconds, offlineHoldSeconds },
    newPaymentId: () => parts.newUuid(process) as PaymentId,
  }
  return {
    deps: all,
    app: (counted: Counted) => ({ checkout: counted(checkout(all)), reopenCart: reopenCart(all) }),
    sweep: { untold: ports.checkouts.untoldSince, followUp: follow, reap: reapLocks(all) },
  }
}

/** The real ports over the network of the simulation. */
function portsOf(parts: Parts, process: Process) {
  const { network, stores } = parts
  const checkouts: Checkouts = network.over(process, 'checkouts', stores.orders.checkouts)
  return {
    checkouts,
    carts: shoppersCarts(withSeams(parts, process, parts.cartsFor(process))),
    prices: pricingPrices(withSeams(parts, process, parts.pricingFor(process))),
  }
}
