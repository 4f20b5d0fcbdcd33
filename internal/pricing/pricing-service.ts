import { PricingService } from '../gen/pricing/v1/pricing_pb.ts'
import { currencySetting } from '../platform/common-settings.ts'
import { defineService } from '../platform/service-definition.ts'
import { flag } from '../platform/settings.ts'

export const pricingService = defineService({
  name: 'pricing',
  about: 'Shipping methods, tax rates, promotions and their redemptions, and what goods cost by them.',
  schema: 'pricing',
  contract: PricingService,
  needs: {},
  settings: {
    currency: currencySetting,
    pricesIncludeTax: flag(
      'PRICES_INCLUDE_TAX',
      false,
      'Whether the prices of goods and of shipping contain the tax. Otherwise it is added to them.',
    ),
  },
  aggregates: [],
  reactions: [],
  async open(scope, { log, database, settings }) {
    const { openPricingService } = await import('./open-pricing-service.ts')
    return openPricingService(scope, { log, database, ...settings })
  },
})
