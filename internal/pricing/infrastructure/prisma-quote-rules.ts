import type { Sql } from '../../platform/database.ts'
import type { CommonRules, QuoteRules } from '../application/rule-store.ts'
import type { PromotionId } from '../domain/rules.ts'
import type { PrismaClient } from './db/client.ts'
import { promotionOf, shippingMethodOf, taxRateOf } from './rule-rows.ts'

/**
 * Tells whether any rule is another than before, whoever has changed it: each change of a row gives it a later xmin, and a
 * deletion changes the count. That costs far less than reading the rules, which hardly ever change.
 */
const stateSql = `
  select concat_ws(' ',
    (select count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) from pricing.shipping_methods),
    (select count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) from pricing.tax_rates),
    (select count(*) || ':' || coalesce(sum(xmin::text::bigint), 0) from pricing.promotions where code_key is null)
  ) as state`

export function prismaQuoteRules(db: PrismaClient, sql: Sql): QuoteRules {
  let kept: { readonly state: string; readonly rules: CommonRules } | undefined
  return {
    async readCommon() {
      // It is asked before the rules are read, so they are never older than it says.
      const [row] = await sql.$queryRawUnsafe<readonly { readonly state: string }[]>(stateSql)
      const state = row?.state ?? ''
      if (kept?.state !== state) kept = { state, rules: await readCommon() }
      return kept.rules
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

  async function readCommon(): Promise<CommonRules> {
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
  }
}
