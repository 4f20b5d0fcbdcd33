import type { QuoteRules } from '../application/rule-store.ts'
import type { PromotionId } from '../domain/rules.ts'
import type { PrismaClient } from './db/client.ts'
import { promotionOf, shippingMethodOf, taxRateOf } from './rule-rows.ts'

export function prismaQuoteRules(db: PrismaClient): QuoteRules {
  return {
    async readCommon() {
      const live = { where: { deletedAt: null } }
      const [shippingMethods, taxRates, promotions] = await Promise.all([
        db.shippingMethod.findMany(live),
        db.taxRate.findMany(live),
        db.promotion.findMany({
          where: { deletedAt: null, codeKey: null, OR: [{ endsAt: null }, { endsAt: { gt: new Date() } }] },
        }),
      ])
      return {
        shippingMethods: shippingMethods.map(shippingMethodOf),
        taxRates: taxRates.map(taxRateOf),
        automaticPromotions: promotions.map(promotionOf),
      }
    },
    async findByCodes(codes) {
      const rows = await db.promotion.findMany({ where: { deletedAt: null, codeKey: { in: [...codes] } } })
      return rows.map(promotionOf)
    },
    async countUses(promotionIds, customerKey) {
      const counts = await db.redemption.groupBy({
        by: ['promotionId'],
        where: { promotionId: { in: [...promotionIds] }, customerKey },
        _count: true,
      })
      return new Map(counts.map(({ promotionId, _count }) => [promotionId as PromotionId, _count]))
    },
  }
}
