import { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { Refusal } from '../../platform/refusal.ts'
import type { QuoteRules, RuleStore } from '../application/rule-store.ts'
import { codeTaken, promotionNotFound } from '../domain/promotion.ts'
import {
  keyOf,
  type Promotion,
  type PromotionId,
  type ShippingMethod,
  type ShippingMethodId,
  type TaxRate,
  type TaxRateId,
} from '../domain/rules.ts'
import { shippingMethodNotFound } from '../domain/shipping-method.ts'
import { taxRateNotFound, taxRateTaken } from '../domain/tax-rate.ts'
import { inMemoryRedemptions, type RedemptionTables } from './in-memory-redemptions.ts'

/** The rules and redemptions in memory. They pass the same contracts as the real stores. */
export function inMemoryPricing() {
  const tables = {
    shippingMethods: new Map<ShippingMethodId, ShippingMethod>(),
    taxRates: new Map<TaxRateId, TaxRate>(),
    ...newRedemptionTables(),
  }
  const requests = keysInMemory()
  return {
    tables,
    shippingMethods: rulesIn(tables.shippingMethods, requests, {
      uniqueBy: ({ id }) => id,
      notFound: shippingMethodNotFound,
      taken: shippingMethodNotFound, // its id is made anew
    }),
    taxRates: rulesIn(tables.taxRates, requests, {
      uniqueBy: ({ country, region = '', category = '' }) =>
        JSON.stringify([country, keyOf(region), keyOf(category)]),
      notFound: taxRateNotFound,
      taken: taxRateTaken,
    }),
    promotions: rulesIn(tables.promotions, requests, {
      uniqueBy: ({ id, code }) => (code === undefined ? id : `code ${keyOf(code)}`),
      notFound: promotionNotFound,
      taken: codeTaken,
    }),
    rules: quoteRulesIn(tables),
    redemptions: inMemoryRedemptions(tables),
  }
}

const newRedemptionTables = (): RedemptionTables => ({
  promotions: new Map(),
  holds: new Map(),
  redemptions: [],
})

type AnyRule = { readonly id: string; readonly deletedAt: Date | undefined }

type Kind<Rule> = {
  /** No two rules that are not deleted have the same. */
  readonly uniqueBy: (rule: Rule) => string
  readonly notFound: () => Refusal
  readonly taken: () => Refusal
}

function rulesIn<Rule extends AnyRule>(
  rows: Map<Rule['id'], Rule>,
  requests: ReturnType<typeof keysInMemory>,
  { uniqueBy, notFound, taken }: Kind<Rule>,
): RuleStore<Rule['id'], Rule> {
  const live = (id: Rule['id']): Rule | undefined => {
    const rule = rows.get(id)
    return rule?.deletedAt === undefined ? rule : undefined
  }
  const all = (): readonly Rule[] => [...rows.values()].filter(({ deletedAt }) => deletedAt === undefined)
  function put(rule: Rule): Rule {
    const isTaken = all().some((other) => other.id !== rule.id && uniqueBy(other) === uniqueBy(rule))
    if (isTaken && rule.deletedAt === undefined) throw taken()
    rows.set(rule.id, rule)
    return rule
  }
  return {
    find: async (id) => live(id),
    async list(limit, after) {
      const newestFirst = [...all()].sort((a, b) => (a.id < b.id ? 1 : -1))
      return newestFirst.filter(({ id }) => after === undefined || id < after).slice(0, limit)
    },
    async findByRequest(once) {
      const id = requests.find(once)
      if (id === undefined) return undefined
      const rule = live(id)
      if (!rule) throw notFound()
      return rule
    },
    async add(rule, _trace, once) {
      put(rule)
      requests.claim(once, rule.id)
      return rule
    },
    async update(id, decide) {
      const rule = live(id)
      if (!rule) throw notFound()
      return put(decide(rule))
    },
  }
}

type Tables = RedemptionTables & {
  readonly shippingMethods: ReadonlyMap<ShippingMethodId, ShippingMethod>
  readonly taxRates: ReadonlyMap<TaxRateId, TaxRate>
}

function quoteRulesIn(tables: Tables): QuoteRules {
  const { shippingMethods, taxRates, promotions } = tables
  const live = <Rule extends { readonly deletedAt: Date | undefined }>(
    rows: ReadonlyMap<string, Rule>,
  ): readonly Rule[] => [...rows.values()].filter(({ deletedAt }) => deletedAt === undefined)
  return {
    readCommon: async () => ({
      shippingMethods: live(shippingMethods),
      taxRates: live(taxRates),
      automaticPromotions: live<Promotion>(promotions).filter(({ code }) => code === undefined),
    }),
    findByCodes: async (codes) =>
      live<Promotion>(promotions).filter(({ code }) => code !== undefined && codes.includes(keyOf(code))),
    async countUses(ids, customerKey) {
      const counts = new Map<PromotionId, number>()
      for (const used of tables.redemptions)
        if (used.customerKey === customerKey && ids.includes(used.promotionId))
          counts.set(used.promotionId, (counts.get(used.promotionId) ?? 0) + 1)
      return counts
    },
  }
}
