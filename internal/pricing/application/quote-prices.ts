import { choosePromotions, type CustomerUse } from '../domain/choose-promotions.ts'
import { quote, type Quote } from '../domain/quote.ts'
import type { QuoteRequest } from '../domain/quote-request.ts'
import { offerShipping, type Parcel, type ShippingOffer } from '../domain/offer-shipping.ts'
import { keyOf, type Promotion, type Rules } from '../domain/rules.ts'
import type { Recent } from './recent.ts'
import type { CommonRules, QuoteRules } from './rule-store.ts'

type Deps = {
  readonly rules: Pick<QuoteRules, 'findByCodes' | 'countUses'>
  readonly common: Recent<CommonRules>
  readonly pricesIncludeTax: boolean
  readonly now: () => Date
}

type Input = {
  readonly request: QuoteRequest
  readonly customerKey: string | undefined
  /** By the rules as they are now; else they may be a second old. */
  readonly isFresh: boolean
}

/** Gathers the rules that concern the request, and quotes by them. */
export function quotePrices({ rules, common, pricesIncludeTax, now }: Deps) {
  return async ({ request, customerKey, isFresh }: Input): Promise<Quote> => {
    const codes = [...new Set(request.codes.map(keyOf))]
    const [{ shippingMethods, taxRates, automaticPromotions }, coded] = await Promise.all([
      isFresh ? common.fresh() : common.recent(),
      codes.length === 0 ? [] : rules.findByCodes(codes),
    ])
    const promotions = [...automaticPromotions, ...coded]
    const known: Rules = { shippingMethods, taxRates, promotions, pricesIncludeTax }
    const at = now()
    const use = await usesOf(promotions, request, at)
    return quote(request, known, use, at)

    /** The customer's own limits are looked up for promotions that would apply but for them. */
    async function usesOf(
      promotions: readonly Promotion[],
      request: QuoteRequest,
      at: Date,
    ): Promise<CustomerUse> {
      if (customerKey === undefined) return undefined
      const limited = promotions.filter(({ limitPerCustomer }) => limitPerCustomer !== undefined)
      if (limited.length === 0) return new Map()
      const ids = choosePromotions(limited, request, undefined, at).promotions.map(({ id }) => id)
      return ids.length === 0 ? new Map() : rules.countUses(ids, customerKey)
    }
  }
}

export function offerShippingMethods({ common }: Pick<Deps, 'common'>) {
  return async (parcel: Parcel): Promise<readonly ShippingOffer[]> =>
    offerShipping((await common.recent()).shippingMethods, parcel)
}
