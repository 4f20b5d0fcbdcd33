import { createPromotion, deletePromotion, promotionNotFound, updatePromotion } from '../domain/promotion.ts'
import type {
  Promotion,
  PromotionId,
  ShippingMethod,
  ShippingMethodId,
  TaxRate,
  TaxRateId,
} from '../domain/rules.ts'
import {
  createShippingMethod,
  deleteShippingMethod,
  shippingMethodNotFound,
  updateShippingMethod,
} from '../domain/shipping-method.ts'
import { createTaxRate, deleteTaxRate, taxRateNotFound, updateTaxRate } from '../domain/tax-rate.ts'
import { keepRules } from './keep-rules.ts'
import { offerShippingMethods, quotePrices } from './quote-prices.ts'
import { keepRecent } from './recent.ts'
import type { QuoteRules, Redemptions, RuleStore } from './rule-store.ts'
import { settleRedemptions } from './settle-redemptions.ts'

export type PricingDeps = {
  readonly shippingMethods: RuleStore<ShippingMethodId, ShippingMethod>
  readonly taxRates: RuleStore<TaxRateId, TaxRate>
  readonly promotions: RuleStore<PromotionId, Promotion>
  readonly rules: QuoteRules
  readonly redemptions: Redemptions
  readonly newId: () => string
  readonly now: () => Date
  readonly currency: string
  readonly pricesIncludeTax: boolean
}

/** Carts may be quoted by rules that are so old. */
const maxAgeMs = 1_000

export type PricingApp = ReturnType<typeof pricingApp>

/** Everything that can be asked of pricing. */
export function pricingApp(deps: PricingDeps) {
  const { now, currency } = deps
  const common = keepRecent(deps.rules.readCommon, { maxAgeMs, nowMs: () => now().getTime() })
  const changed = common.forget
  return {
    quote: quotePrices({ ...deps, common }),
    offerShippingMethods: offerShippingMethods({ common }),
    redemptions: settleRedemptions(deps),
    shippingMethods: keepRules({
      resource: 'shipping',
      store: deps.shippingMethods,
      create: (input: Parameters<typeof createShippingMethod>[1]) =>
        createShippingMethod(deps.newId() as ShippingMethodId, input, currency, now()),
      change: (method, patch: Parameters<typeof updateShippingMethod>[1], version) =>
        updateShippingMethod(method, patch, version, now()),
      remove: (method, version) => deleteShippingMethod(method, version, now()),
      notFound: shippingMethodNotFound,
      changed,
    }),
    taxRates: keepRules({
      resource: 'taxes',
      store: deps.taxRates,
      create: (input: Parameters<typeof createTaxRate>[1]) =>
        createTaxRate(deps.newId() as TaxRateId, input, now()),
      change: (rate, patch: Parameters<typeof updateTaxRate>[1], version) =>
        updateTaxRate(rate, patch, version, now()),
      remove: (rate, version) => deleteTaxRate(rate, version, now()),
      notFound: taxRateNotFound,
      changed,
    }),
    promotions: keepRules({
      resource: 'promotions',
      store: deps.promotions,
      create: (input: Parameters<typeof createPromotion>[1]) =>
        createPromotion(deps.newId() as PromotionId, input, currency, now()),
      change: (promotion, patch: Parameters<typeof updatePromotion>[1], version) =>
        updatePromotion(promotion, patch, version, now()),
      remove: (promotion, version) => deletePromotion(promotion, version, now()),
      notFound: promotionNotFound,
      changed,
    }),
  }
}
