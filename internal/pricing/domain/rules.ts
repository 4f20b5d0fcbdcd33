import type { Brand } from '../../platform/brand.ts'

export type ShippingMethodId = Brand<string, 'ShippingMethodId'>
export type TaxRateId = Brand<string, 'TaxRateId'>
export type PromotionId = Brand<string, 'PromotionId'>

/** What every rule has that admins keep. */
export type Kept<Id> = {
  readonly id: Id
  /** Counts its changes; its deletion is one. */
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly deletedAt: Date | undefined
}

export type ShippingMethod = Kept<ShippingMethodId> & {
  readonly name: string
  /** ISO 3166-1 alpha-2; none means every country. */
  readonly countries: readonly string[]
  readonly currency: string
  readonly priceMinor: bigint
  readonly perKilogramMinor: bigint | undefined
  /** Goods of this amount, less their discounts, are sent for nothing. */
  readonly freeFromMinor: bigint | undefined
  /** How long it takes, in words. */
  readonly estimate: string | undefined
}

export type TaxRate = Kept<TaxRateId> & {
  readonly country: string
  /** Undefined: the whole country. */
  readonly region: string | undefined
  /** Undefined: all that has no rate of its own. `shipping` is what shipping itself is taxed by. */
  readonly category: string | undefined
  /** Parts per million: 19 % is 190,000. */
  readonly ratePpm: number
}

export type Benefit =
  | { readonly kind: 'percent'; readonly ppm: number }
  | { readonly kind: 'amount'; readonly minor: bigint }
  | { readonly kind: 'free-shipping' }

export type Promotion = Kept<PromotionId> & {
  /** Undefined: it applies by itself. */
  readonly code: string | undefined
  /** What customers read. */
  readonly description: string
  readonly benefit: Benefit
  readonly currency: string
  /** What it is for. Without products and categories, everything. */
  readonly products: readonly string[]
  readonly categories: readonly string[]
  /** The least amount of the goods that it is for, before any discount. */
  readonly minimumMinor: bigint | undefined
  readonly from: Date | undefined
  /** It has ended at this moment. */
  readonly to: Date | undefined
  /** The most redemptions that are held or used at once. */
  readonly limit: number | undefined
  readonly limitPerCustomer: number | undefined
  /** Redemptions that are held or used now. */
  readonly redeemed: number
}

/** Everything that a quote follows. Deleted rules are not among them. */
export type Rules = {
  readonly shippingMethods: readonly ShippingMethod[]
  readonly taxRates: readonly TaxRate[]
  readonly promotions: readonly Promotion[]
  /** True: prices of goods and of shipping contain the tax. */
  readonly pricesIncludeTax: boolean
}

export const wholePpm = 1_000_000n

/** Equal for what people take for the same category, region or code. */
export const keyOf = (text: string): string => text.normalize('NFC').trim().toLowerCase()
