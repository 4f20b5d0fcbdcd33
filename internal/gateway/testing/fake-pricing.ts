import type { PricingService } from '../../gen/pricing/v1/pricing_pb.ts'
import type { Handlers } from '../../platform/service.ts'

const kept = {
  id: '01920000-0000-7000-8000-0000000000b0',
  version: 3,
  createdAt: '2026-11-20T08:00:00.000Z',
  updatedAt: '2026-11-20T08:00:00.000Z',
}

export const shippingMethod = {
  ...kept,
  name: 'Standard',
  countries: ['DE'],
  priceMinor: '490',
  perKilogramMinor: '100',
  estimate: '2 days',
  currency: 'USD',
}

export const taxRate = { ...kept, country: 'DE', category: 'books', ratePpm: 70_000 }

export const promotion = {
  ...kept,
  code: 'SAVE',
  description: '5 USD off',
  kind: 'amount',
  amountMinor: '500',
  products: [],
  categories: ['books'],
  minimumMinor: '2000',
  redeemed: 2,
  currency: 'USD',
}

const nothing = async (): Promise<never> => {
  throw new Error('the gateway does not ask this')
}

export const fakePricing: Handlers<typeof PricingService> = {
  quote: nothing,
  offerShippingMethods: nothing,
  reserveRedemptions: nothing,
  releaseRedemptions: nothing,
  confirmRedemptions: nothing,
  createShippingMethod: async () => ({ shippingMethod, replayed: false }),
  updateShippingMethod: async () => ({ shippingMethod }),
  deleteShippingMethod: async () => ({}),
  getShippingMethod: async () => ({ shippingMethod }),
  listShippingMethods: async () => ({ shippingMethods: [shippingMethod], nextId: kept.id }),
  createTaxRate: async () => ({ taxRate, replayed: false }),
  updateTaxRate: async () => ({ taxRate }),
  deleteTaxRate: async () => ({}),
  getTaxRate: async () => ({ taxRate }),
  listTaxRates: async () => ({ taxRates: [taxRate] }),
  createPromotion: async () => ({ promotion, replayed: true }),
  updatePromotion: async () => ({ promotion }),
  deletePromotion: async () => ({}),
  getPromotion: async () => ({ promotion }),
  listPromotions: async () => ({ promotions: [promotion] }),
}
