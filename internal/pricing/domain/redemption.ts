import type { Brand } from '../../platform/brand.ts'
import type { Promotion, PromotionId } from './rules.ts'

export type OrderId = Brand<string, 'OrderId'>

/** One hold of an order. A revival of the order is another one. */
export type HoldReference = { readonly orderId: OrderId; readonly hold: number }

export type RedemptionRequest = HoldReference & {
  /** Undefined: nobody knows whose order it is. */
  readonly customerKey: string | undefined
  /** In ascending order, each once. */
  readonly promotionIds: readonly PromotionId[]
}

export type RefusedPromotion = {
  readonly promotionId: PromotionId
  /** Empty when it applies by itself. */
  readonly code: string
  readonly reason: 'unknown' | 'used-up' | 'used-up-by-customer' | 'customer-unknown'
}

export type RedemptionDecision = HoldReference &
  (
    | { readonly outcome: 'held' | 'released' }
    | { readonly outcome: 'refused'; readonly refused: readonly RefusedPromotion[] }
  )

/** A promotion as far as its redemptions go. */
export type Redeemable = Pick<Promotion, 'id' | 'code' | 'limit' | 'limitPerCustomer' | 'redeemed'>

/** How often a customer holds or has used a promotion. */
export type CustomerCount = {
  readonly promotionId: PromotionId
  readonly customerKey: string
  readonly count: number
}

/**
 * All or nothing for each request, in the order given; what one request takes counts for the next. Only limits decide: what
 * was offered when the order was placed holds, even if the promotion has ended or was deleted since.
 */
export function decideRedemptions(
  promotions: readonly Redeemable[],
  counts: readonly CustomerCount[],
  requests: readonly RedemptionRequest[],
): readonly RedemptionDecision[] {
  const known = new Map(promotions.map((promotion) => [promotion.id, promotion]))
  const redeemed = new Map(promotions.map(({ id, redeemed }) => [id, redeemed]))
  const byCustomer = new Map(counts.map((each) => [useKey(each.promotionId, each.customerKey), each.count]))
  return requests.map(({ orderId, hold, customerKey, promotionIds }) => {
    const refused = promotionIds.flatMap((promotionId): readonly RefusedPromotion[] => {
      const promotion = known.get(promotionId)
      const byOne =
        customerKey === undefined ? undefined : (byCustomer.get(useKey(promotionId, customerKey)) ?? 0)
      const reason = promotion ? whyNot(promotion, redeemed.get(promotionId) ?? 0, byOne) : 'unknown'
      return reason ? [{ promotionId, code: promotion?.code ?? '', reason }] : []
    })
    if (refused.length > 0) return { orderId, hold, outcome: 'refused', refused }
    for (const promotionId of promotionIds) {
      redeemed.set(promotionId, (redeemed.get(promotionId) ?? 0) + 1)
      if (customerKey === undefined) continue
      const key = useKey(promotionId, customerKey)
      byCustomer.set(key, (byCustomer.get(key) ?? 0) + 1)
    }
    return { orderId, hold, outcome: 'held' }
  })
}

const useKey = (promotionId: PromotionId, customerKey: string): string => `${promotionId} ${customerKey}`

function whyNot(
  { limit, limitPerCustomer }: Redeemable,
  redeemed: number,
  byCustomer: number | undefined,
): RefusedPromotion['reason'] | undefined {
  if (limit !== undefined && redeemed >= limit) return 'used-up'
  if (limitPerCustomer === undefined) return undefined
  if (byCustomer === undefined) return 'customer-unknown'
  return byCustomer >= limitPerCustomer ? 'used-up-by-customer' : undefined
}

export type HoldStatus = 'held' | 'refused' | 'released' | 'confirmed'

/** What a release makes of a hold; undefined when nothing changes. A confirmed hold stays used. */
export function release(status: HoldStatus): 'released' | undefined {
  return status === 'held' ? 'released' : undefined
}

/** What a confirmation makes of a hold; undefined when nothing changes. */
export function confirm(status: HoldStatus): 'confirmed' | undefined {
  return status === 'held' ? 'confirmed' : undefined
}
