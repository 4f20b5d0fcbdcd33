import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { pricingApp } from '../application/pricing-app.ts'
import { pricingRpc } from '../infrastructure/pricing-rpc.ts'
import { inMemoryPricing } from './in-memory-pricing.ts'
import { redemptionsContract } from './redemptions-contract.ts'
import { rulesContract } from './rules-contract.ts'

const open = (stores: ReturnType<typeof inMemoryPricing>) =>
  pricingRpc(
    pricingApp({
      ...stores,
      newId,
      now: () => new Date(),
      ...{ currency: 'EUR', pricesIncludeTax: false },
    }),
  )

rulesContract(t, open(inMemoryPricing()))

const stores = inMemoryPricing()

redemptionsContract(t, {
  ...{ handlers: open(stores), other: open(stores) },
  countRedemptions: async (ids) =>
    stores.tables.redemptions.filter(({ promotionId }) => ids.includes(promotionId)).length,
})
