import { newId } from '../../platform/new-id.ts'
import type { QuoteLine, QuoteRequest } from '../domain/quote-request.ts'
import type {
  Promotion,
  PromotionId,
  Rules,
  ShippingMethod,
  ShippingMethodId,
  TaxRate,
  TaxRateId,
} from '../domain/rules.ts'

export const morning = new Date('2026-11-20T08:00:00.000Z')
export const noon = new Date('2026-11-20T12:00:00.000Z')

const kept = { version: 1, createdAt: morning, updatedAt: morning, deletedAt: undefined }

export const line = (wanted: Partial<QuoteLine> = {}): QuoteLine => ({
  lineId: newId(),
  productId: newId(),
  categories: ['kitchen'],
  unitPriceMinor: 1_000n,
  quantity: 1,
  weightGrams: 0,
  ...wanted,
})

export const request = (lines: readonly QuoteLine[], wanted: Partial<QuoteRequest> = {}): QuoteRequest => ({
  lines,
  currency: 'EUR',
  destination: { country: 'DE', region: '' },
  shippingMethodId: undefined,
  codes: [],
  ...wanted,
})

export const shippingMethod = (wanted: Partial<ShippingMethod> = {}): ShippingMethod => ({
  ...kept,
  id: newId() as ShippingMethodId,
  name: 'Standard',
  countries: [],
  currency: 'EUR',
  priceMinor: 490n,
  perKilogramMinor: undefined,
  freeFromMinor: undefined,
  estimate: undefined,
  ...wanted,
})

export const taxRate = (wanted: Partial<TaxRate> = {}): TaxRate => ({
  ...kept,
  id: newId() as TaxRateId,
  country: 'DE',
  region: undefined,
  category: undefined,
  ratePpm: 190_000,
  ...wanted,
})

export const promotion = (wanted: Partial<Promotion> = {}): Promotion => ({
  ...kept,
  id: newId() as PromotionId,
  code: undefined,
  description: '10 % off',
  benefit: { kind: 'percent', ppm: 100_000 },
  currency: 'EUR',
  products: [],
  categories: [],
  minimumMinor: undefined,
  from: undefined,
  to: undefined,
  limit: undefined,
  limitPerCustomer: undefined,
  redeemed: 0,
  ...wanted,
})

export const rules = (wanted: Partial<Rules> = {}): Rules => ({
  shippingMethods: [],
  taxRates: [],
  promotions: [],
  pricesIncludeTax: false,
  ...wanted,
})
