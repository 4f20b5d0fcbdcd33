import type { PromotionSchema, ShippingMethodSchema, TaxRateSchema } from '../../gen/pricing/v1/pricing_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Kept, Promotion, ShippingMethod, TaxRate } from '../domain/rules.ts'

const keptJson = ({ id, version, createdAt, updatedAt }: Kept<string>) => ({
  ...{ id, version },
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

export function shippingMethodJson(method: ShippingMethod): Wire<typeof ShippingMethodSchema> {
  const { name, countries, currency, priceMinor, perKilogramMinor, freeFromMinor, estimate } = method
  return {
    ...keptJson(method),
    ...{ name, countries, currency, priceMinor: String(priceMinor) },
    ...(perKilogramMinor !== undefined && { perKilogramMinor: String(perKilogramMinor) }),
    ...(freeFromMinor !== undefined && { freeFromMinor: String(freeFromMinor) }),
    ...(estimate !== undefined && { estimate }),
  }
}

export function taxRateJson(rate: TaxRate): Wire<typeof TaxRateSchema> {
  const { country, region, category, ratePpm } = rate
  return {
    ...keptJson(rate),
    ...{ country, ratePpm },
    ...(region !== undefined && { region }),
    ...(category !== undefined && { category }),
  }
}

export function promotionJson(promotion: Promotion): Wire<typeof PromotionSchema> {
  const { code, description, benefit, products, categories, minimumMinor, redeemed, currency } = promotion
  const { from, to, limit, limitPerCustomer } = promotion
  return {
    ...keptJson(promotion),
    ...{ description, kind: benefit.kind, products, categories, redeemed, currency },
    ...(code !== undefined && { code }),
    ...(benefit.kind === 'percent' && { percentPpm: benefit.ppm }),
    ...(benefit.kind === 'amount' && { amountMinor: String(benefit.minor) }),
    ...(minimumMinor !== undefined && { minimumMinor: String(minimumMinor) }),
    ...(from && { from: from.toISOString() }),
    ...(to && { to: to.toISOString() }),
    ...(limit !== undefined && { limit }),
    ...(limitPerCustomer !== undefined && { limitPerCustomer }),
  }
}
