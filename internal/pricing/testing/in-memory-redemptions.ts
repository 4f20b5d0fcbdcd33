import type { Redemptions } from '../application/rule-store.ts'
import {
  confirm,
  decideRedemptions,
  release,
  type CustomerCount,
  type HoldReference,
  type HoldStatus,
  type RedemptionDecision,
  type RefusedPromotion,
} from '../domain/redemption.ts'
import type { Promotion, PromotionId } from '../domain/rules.ts'

export type Hold = HoldReference & {
  readonly status: HoldStatus
  readonly refused: readonly RefusedPromotion[]
}

export type Redemption = HoldReference & {
  readonly promotionId: PromotionId
  readonly customerKey: string | undefined
}

/** The tables, in memory. What is written between two awaits is one transaction. */
export type RedemptionTables = {
  readonly promotions: Map<PromotionId, Promotion>
  /** By order and number. */
  readonly holds: Map<string, Hold>
  redemptions: readonly Redemption[]
}

export const holdKey = ({ orderId, hold }: HoldReference): string => `${orderId} ${hold}`

export function inMemoryRedemptions(tables: RedemptionTables): Redemptions {
  const { promotions, holds } = tables

  function count(redeemed: readonly Redemption[], by: 1 | -1): void {
    for (const { promotionId } of redeemed) {
      const promotion = promotions.get(promotionId)
      if (promotion) promotions.set(promotionId, { ...promotion, redeemed: promotion.redeemed + by })
    }
  }

  return {
    reserve: async (requests) =>
      requests.map((request): RedemptionDecision => {
        const { orderId, hold, customerKey, promotionIds } = request
        const earlier = holds.get(holdKey(request))
        if (earlier) return answerOf(earlier)
        const [decision] = decideRedemptions([...promotions.values()], countsOf(tables.redemptions), [
          request,
        ])
        if (decision?.outcome === 'held') {
          const added = promotionIds.map((promotionId) => ({ orderId, hold, promotionId, customerKey }))
          tables.redemptions = [...tables.redemptions, ...added]
          count(added, 1)
        }
        const refused = decision?.outcome === 'refused' ? decision.refused : []
        const status = decision?.outcome === 'refused' ? 'refused' : 'held'
        holds.set(holdKey(request), { orderId, hold, status, refused })
        return answerOf({ orderId, hold, status, refused })
      }),
    release: async (asked) =>
      asked.map(({ orderId, hold }) => {
        const key = holdKey({ orderId, hold })
        const found = holds.get(key)
        if (!found) holds.set(key, { orderId, hold, status: 'released', refused: [] })
        if (found && release(found.status) === 'released') {
          const returned = tables.redemptions.filter((each) => holdKey(each) === key)
          tables.redemptions = tables.redemptions.filter((each) => holdKey(each) !== key)
          count(returned, -1)
          holds.set(key, { ...found, status: 'released' })
        }
        return found?.status === 'confirmed' ? 'confirmed' : 'released'
      }),
    confirm: async (asked) =>
      asked.map((reference) => {
        const key = holdKey(reference)
        const found = holds.get(key)
        if (!found) return 'unknown'
        if (confirm(found.status) === 'confirmed') holds.set(key, { ...found, status: 'confirmed' })
        if (found.status === 'held' || found.status === 'confirmed') return 'confirmed'
        return found.status === 'released' ? 'released' : 'unknown'
      }),
  }
}

/** The decision that was made is repeated. */
function answerOf({ orderId, hold, status, refused }: Hold): RedemptionDecision {
  if (status === 'refused') return { orderId, hold, outcome: status, refused }
  return { orderId, hold, outcome: status === 'released' ? status : 'held' }
}

function countsOf(redemptions: readonly Redemption[]): readonly CustomerCount[] {
  const counts = new Map<string, CustomerCount>()
  for (const { promotionId, customerKey } of redemptions) {
    if (customerKey === undefined) continue
    const key = `${promotionId} ${customerKey}`
    counts.set(key, { promotionId, customerKey, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts.values()]
}
