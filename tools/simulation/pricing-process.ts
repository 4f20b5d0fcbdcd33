import { pricingApp, type PricingApp } from '../../internal/pricing/application/pricing-app.ts'
import type { QuoteRules, Redemptions } from '../../internal/pricing/application/rule-store.ts'
import { pricingRpc } from '../../internal/pricing/infrastructure/pricing-rpc.ts'
import type { Parts, PricingHandlers } from './parts.ts'
import type { Process } from './process.ts'

/** Starts one life of a pricing process. */
export function startPricing(parts: Parts, process: Process): PricingHandlers {
  const { network, stores } = parts
  const rules: QuoteRules = network.over(process, 'rules', stores.pricing.rules)
  const redemptions: Redemptions = network.over(process, 'redemptions', stores.pricing.redemptions)
  return pricingRpc(pricingOf(parts, process, { rules, redemptions }))
}

/** The rules are made before the run and stay, so they are not remote. */
export function pricingOf(
  { stores, setup, newUuid, now }: Parts,
  process: Process,
  { rules, redemptions }: { readonly rules: QuoteRules; readonly redemptions: Redemptions },
): PricingApp {
  const { shippingMethods, taxRates, promotions } = stores.pricing
  return pricingApp({
    ...{ shippingMethods, taxRates, promotions, rules, redemptions },
    newId: () => newUuid(process),
    now: () => now(process),
    currency: 'USD',
    pricesIncludeTax: setup.carts?.pricesIncludeTax ?? false,
  })
}
