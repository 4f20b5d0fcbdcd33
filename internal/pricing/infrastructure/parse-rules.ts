import type {
  UpdatePromotionRequestSchema,
  UpdateShippingMethodRequestSchema,
  UpdateTaxRateRequestSchema,
} from '../../gen/pricing/v1/pricing_pb.ts'
import { Refusal } from '../../platform/refusal.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Wire } from '../../platform/wire.ts'
import type { HoldReference, OrderId, RedemptionRequest } from '../domain/redemption.ts'
import type { PromotionId, ShippingMethodId, TaxRateId } from '../domain/rules.ts'
import type { PromotionPatch } from '../domain/promotion.ts'
import type { ShippingMethodPatch } from '../domain/shipping-method.ts'
import type { TaxRatePatch } from '../domain/tax-rate.ts'

export const parseShippingMethodId = (id: string): ShippingMethodId =>
  parseUuid(id, 'shipping-method.id-invalid', "a shipping method's id") as ShippingMethodId
export const parseTaxRateId = (id: string): TaxRateId =>
  parseUuid(id, 'tax-rate.id-invalid', "a tax rate's id") as TaxRateId
export const parsePromotionId = (id: string): PromotionId =>
  parseUuid(id, 'promotion.id-invalid', "a promotion's id") as PromotionId

/** A field that is named as cleared goes; else its value, if it is given, replaces what is there. */
const patchBy = (cleared: readonly string[]) => {
  const names = new Set(cleared)
  return <Value>(name: string, value: Value | undefined): Value | null | undefined =>
    names.has(name) ? null : value
}

export function parseShippingMethodPatch(
  request: Wire<typeof UpdateShippingMethodRequestSchema>,
): ShippingMethodPatch {
  const { name, countries, price, perKilogram, freeFrom, estimate } = request
  const patch = patchBy(request.cleared)
  return {
    ...{ name, price },
    countries: countries.replace ? countries.countries : undefined,
    perKilogram: patch('per_kilogram', perKilogram),
    freeFrom: patch('free_from', freeFrom),
    estimate: patch('estimate', estimate),
  }
}

export function parseTaxRatePatch(request: Wire<typeof UpdateTaxRateRequestSchema>): TaxRatePatch {
  const { country, region, category, ratePpm } = request
  const patch = patchBy(request.cleared)
  return { country, ratePpm, region: patch('region', region), category: patch('category', category) }
}

export function parsePromotionPatch(request: Wire<typeof UpdatePromotionRequestSchema>): PromotionPatch {
  const { kind, value, products, categories } = request
  const { code, description, minimum, from, to, limit, limitPerCustomer } = request
  const patch = patchBy(request.cleared)
  return {
    ...{ kind, value },
    products: products.replace ? products.texts : undefined,
    categories: categories.replace ? categories.texts : undefined,
    code: patch('code', code),
    description: patch('description', description),
    minimum: patch('minimum', minimum),
    from: patch('from', from),
    to: patch('to', to),
    limit: patch('limit', limit),
    limitPerCustomer: patch('limit_per_customer', limitPerCustomer),
  }
}

export function parseHold({
  orderId,
  hold,
}: {
  readonly orderId: string
  readonly hold: number
}): HoldReference {
  if (!Number.isInteger(hold) || hold < 1)
    throw new Refusal('invalid', 'pricing.invalid-hold', 'the number of a hold is a whole number above zero')
  return { orderId: parseUuid(orderId, 'order.id-invalid', "an order's id") as OrderId, hold }
}

/** An id of a user or a digest has fewer characters. */
const maxCustomerKeyLength = 200

export function parseCustomerKey(key: string | undefined): string | undefined {
  if (key === undefined || (key !== '' && key.length <= maxCustomerKeyLength)) return key
  throw new Refusal('invalid', 'pricing.invalid-customer', 'the key of a customer is too long or empty')
}

type AskedRedemption = HoldReferenceText & {
  readonly customerKey?: string | undefined
  readonly promotionIds: readonly string[]
}
type HoldReferenceText = { readonly orderId: string; readonly hold: number }

export function parseRedemptionRequest(asked: AskedRedemption): RedemptionRequest {
  return {
    ...parseHold(asked),
    customerKey: parseCustomerKey(asked.customerKey),
    promotionIds: [...new Set(asked.promotionIds.map(parsePromotionId))].sort(),
  }
}
