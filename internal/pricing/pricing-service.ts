import { PricingService } from '../gen/pricing/v1/pricing_pb.ts'
import { UserErasedSchema } from '../gen/user/v1/events_pb.ts'
import { UserService } from '../gen/user/v1/user_pb.ts'
import { currencySetting } from '../platform/common-settings.ts'
import { reaction } from '../platform/reaction.ts'
import { defineService } from '../platform/service-definition.ts'
import { flag } from '../platform/settings.ts'

export const pricingService = defineService({
  name: 'pricing',
  about: 'Shipping methods, tax rates, promotions and their redemptions, and what goods cost by them.',
  schema: 'pricing',
  contract: PricingService,
  needs: {
    user: { contract: UserService, methods: ['listErasures', 'confirmErasures'] },
  },
  settings: {
    currency: currencySetting,
    pricesIncludeTax: flag(
      'PRICES_INCLUDE_TAX',
      false,
      'Whether the prices of goods and of shipping contain the tax. Otherwise it is added to them.',
    ),
  },
  aggregates: [],
  reactions: [reaction('erase-pricing', UserErasedSchema)],
  async open(scope, { log, database, needs, settings }) {
    const { openPricingService } = await import('./open-pricing-service.ts')
    return openPricingService(scope, { log, database, ...needs, ...settings })
  },
})
