import type { Trace } from '../../platform/call.ts'
import type { OrderId } from '../domain/order.ts'
import type { Quote } from '../domain/place.ts'
import type { PromotionId, ShippingTerms, TaxLine, UsedPromotion } from '../domain/terms.ts'

export type WantedPrice = {
  readonly lines: readonly { readonly lineId: string; readonly quantity: number; readonly product: Quote }[]
  readonly currency: string
  readonly destination: { readonly country: string; readonly region: string; readonly postalCode: string }
  readonly shippingMethod: string | undefined
  readonly promotionCodes: readonly string[]
  readonly customerKey: string
}

/** By the rules as they are now. Amounts are minor units. */
export type Price = {
  readonly totalMinor: bigint
  readonly discountMinor: bigint
  readonly taxMinor: bigint
  readonly isTaxIncluded: boolean
  /** In the order of the lines that were asked for. */
  readonly lines: readonly {
    readonly discountMinor: bigint
    readonly taxMinor: bigint
    readonly taxRatePpm: number | undefined
  }[]
  readonly shipping: ShippingTerms
  /** The chosen method does not lead there. */
  readonly isShippingRefused: boolean
  /** Some method leads there. */
  readonly isShippingOffered: boolean
  readonly taxLines: readonly TaxLine[]
  readonly promotions: readonly UsedPromotion[]
  readonly steps: readonly unknown[]
}

/** A revival is another hold of the order. */
export type Hold = { readonly orderId: OrderId; readonly holdNo: number; readonly trace: Trace }

export type WantedRedemptions = Hold & {
  readonly customerKey: string
  readonly promotionIds: readonly PromotionId[]
}

/** What orders ask of pricing. What changes something may be repeated. */
export type Prices = {
  readonly quote: (wanted: WantedPrice) => Promise<Price>
  /** For each order why its promotions are not held; undefined: they are. Those of one order are held together or not at all. */
  readonly reserve: (wanted: readonly WantedRedemptions[]) => Promise<readonly (string | undefined)[]>
  readonly release: (hold: Hold) => Promise<void>
  readonly confirm: (hold: Hold) => Promise<void>
}
