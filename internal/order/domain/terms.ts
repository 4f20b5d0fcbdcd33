import type { Brand } from '../../platform/brand.ts'

export type CartId = Brand<string, 'CartId'>
export type PaymentId = Brand<string, 'PaymentId'>
export type PromotionId = Brand<string, 'PromotionId'>

/** What a checkout has frozen besides the lines: prices are never asked for again. Amounts are minor units. */
export type Terms = {
  readonly cart: { readonly id: CartId; readonly version: number }
  /** One for each line of the order, in its order. */
  readonly lines: readonly LineTerms[]
  readonly shipping: ShippingTerms
  /** All promotions together, on goods and on shipping. */
  readonly discountMinor: bigint
  readonly taxMinor: bigint
  /** Then the tax is a part of the prices. */
  readonly isTaxIncluded: boolean
  readonly taxLines: readonly TaxLine[]
  readonly promotions: readonly UsedPromotion[]
  /** How the totals came about, as pricing told it (pricing.v1.Step). */
  readonly steps: readonly unknown[]
  /** Whose limits of promotions count: the user's id, or a digest of the guest's e-mail address. */
  readonly customerKey: string
  /** It is paid outside of providers, so that its cart is ordered before the money has come. */
  readonly paysOffline: boolean
}

export type LineTerms = {
  /** JSON; empty when the buyer wanted nothing special. */
  readonly attributes: string
  readonly discountMinor: bigint
  readonly taxMinor: bigint
  /** Parts per million; undefined when no tax rate fits. */
  readonly taxRatePpm: number | undefined
}

export type ShippingTerms = {
  /** Empty when nothing is sent. */
  readonly methodId: string
  readonly name: string
  readonly priceMinor: bigint
  readonly discountMinor: bigint
  readonly taxMinor: bigint
  readonly taxRatePpm: number | undefined
}

export type TaxLine = { readonly ratePpm: number; readonly netMinor: bigint; readonly taxMinor: bigint }

export type UsedPromotion = {
  readonly id: PromotionId
  /** Empty when it applies by itself. */
  readonly code: string
  readonly description: string
  readonly amountMinor: bigint
}

export type Address = {
  readonly name: string
  readonly line1: string
  readonly line2: string
  readonly city: string
  readonly region: string
  readonly postalCode: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly phone: string
}

/** Who bought it. It stays out of events. */
export type Buyer = {
  /** Empty for an account's own. */
  readonly email: string
  readonly delivery: Address
  /** Undefined: that of the delivery. */
  readonly billing: Address | undefined
}

/** The payment that begins when stock is held. */
export type FirstPayment = {
  readonly id: PaymentId
  readonly method: string
  readonly token: string
  readonly returnUrl: string
  /** Digest of the address that asks. */
  readonly client: string
}

/** What is sent costs so much, after discounts and with tax. */
export const shippingTotal = ({ shipping, isTaxIncluded }: Terms): bigint =>
  shipping.priceMinor - shipping.discountMinor + (isTaxIncluded ? 0n : shipping.taxMinor)
