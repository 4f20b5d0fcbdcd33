import type { PricingService } from '../../gen/pricing/v1/pricing_pb.ts'
import { fittingPage } from '../../platform/message-size.ts'
import type { Handlers } from '../../platform/service.ts'
import type { PricingApp } from '../application/pricing-app.ts'
import {
  parsePromotionId,
  parsePromotionPatch,
  parseShippingMethodId,
  parseShippingMethodPatch,
  parseTaxRateId,
  parseTaxRatePatch,
} from './parse-rules.ts'
import { promotionJson, shippingMethodJson, taxRateJson } from './rule-json.ts'

type PricingHandlers = Handlers<typeof PricingService>

/** What admins do with the rules. */
export function rulesRpc(app: PricingApp) {
  return { ...shippingMethodsRpc(app), ...taxRatesRpc(app), ...promotionsRpc(app) }
}

const changeOf = <Id>(
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | undefined },
  parse: (id: string) => Id,
) => ({ id: parse(id), expectedVersion })

function shippingMethodsRpc({ shippingMethods }: PricingApp) {
  return {
    async createShippingMethod(request, call) {
      const { name, countries, price, perKilogram, freeFrom, estimate } = request
      const input = { name, countries, price, perKilogram, freeFrom, estimate }
      const { result, isReplay } = await shippingMethods.create(input, call)
      return { shippingMethod: shippingMethodJson(result), replayed: isReplay }
    },
    async updateShippingMethod(request, call) {
      const change = changeOf(request, parseShippingMethodId)
      const method = await shippingMethods.update(change, parseShippingMethodPatch(request), call)
      return { shippingMethod: shippingMethodJson(method) }
    },
    async deleteShippingMethod(request, call) {
      await shippingMethods.remove(changeOf(request, parseShippingMethodId), call)
      return {}
    },
    getShippingMethod: async ({ id }, call) => ({
      shippingMethod: shippingMethodJson(await shippingMethods.get(parseShippingMethodId(id), call)),
    }),
    async listShippingMethods({ limit, afterId }, call) {
      const after = afterId === undefined ? undefined : parseShippingMethodId(afterId)
      const { rules, next } = await shippingMethods.list(limit, after, call)
      return { shippingMethods: rules.map(shippingMethodJson), ...(next && { nextId: next }) }
    },
  } satisfies Partial<PricingHandlers>
}

function taxRatesRpc({ taxRates }: PricingApp) {
  return {
    async createTaxRate({ country, region, category, ratePpm }, call) {
      const { result, isReplay } = await taxRates.create({ country, region, category, ratePpm }, call)
      return { taxRate: taxRateJson(result), replayed: isReplay }
    },
    updateTaxRate: async (request, call) => ({
      taxRate: taxRateJson(
        await taxRates.update(changeOf(request, parseTaxRateId), parseTaxRatePatch(request), call),
      ),
    }),
    async deleteTaxRate(request, call) {
      await taxRates.remove(changeOf(request, parseTaxRateId), call)
      return {}
    },
    getTaxRate: async ({ id }, call) => ({
      taxRate: taxRateJson(await taxRates.get(parseTaxRateId(id), call)),
    }),
    async listTaxRates({ limit, afterId }, call) {
      const after = afterId === undefined ? undefined : parseTaxRateId(afterId)
      const { rules, next } = await taxRates.list(limit, after, call)
      return { taxRates: rules.map(taxRateJson), ...(next && { nextId: next }) }
    },
  } satisfies Partial<PricingHandlers>
}

function promotionsRpc({ promotions }: PricingApp) {
  return {
    async createPromotion(request, call) {
      const { result, isReplay } = await promotions.create(request, call)
      return { promotion: promotionJson(result), replayed: isReplay }
    },
    updatePromotion: async (request, call) => ({
      promotion: promotionJson(
        await promotions.update(changeOf(request, parsePromotionId), parsePromotionPatch(request), call),
      ),
    }),
    async deletePromotion(request, call) {
      await promotions.remove(changeOf(request, parsePromotionId), call)
      return {}
    },
    getPromotion: async ({ id }, call) => ({
      promotion: promotionJson(await promotions.get(parsePromotionId(id), call)),
    }),
    async listPromotions({ limit, afterId }, call) {
      const after = afterId === undefined ? undefined : parsePromotionId(afterId)
      const { rules, next } = await promotions.list(limit, after, call)
      const page = fittingPage(rules.map(promotionJson), next)
      return { promotions: page.items, ...(page.nextId && { nextId: page.nextId }) }
    },
  } satisfies Partial<PricingHandlers>
}
