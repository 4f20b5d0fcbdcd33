import type { PricingService } from '../../gen/pricing/v1/pricing_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Cursors } from '../cursor.ts'
import type { Endpoint } from '../endpoint.ts'
import {
  NewPromotion,
  NewShippingMethod,
  NewTaxRate,
  Promotion,
  promotionBody,
  PromotionPatch,
  ShippingMethod,
  shippingMethodBody,
  ShippingMethodPatch,
  TaxRate,
  taxRateBody,
  TaxRatePatch,
} from './pricing-schemas.ts'
import { ruleRoutes } from './rule-routes.ts'

export type PricingDeps = { readonly pricing: Handlers<typeof PricingService>; readonly cursors: Cursors }

/** What admins keep; customers meet it in their carts. */
export function pricingRoutes(deps: PricingDeps): readonly Endpoint[] {
  return [...shippingMethodRoutes(deps), ...taxRateRoutes(deps), ...promotionRoutes(deps)]
}

/** The service reads amounts in the currency of the rule, which need not be the one of the settings. */
const decimal = (amount: number | null | undefined): string | undefined =>
  typeof amount === 'number' ? String(amount) : undefined

/** The names in the contract of what null removes. */
const clearedIn = (patch: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(patch)
    .filter((name) => patch[name] === null)
    .map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))

const given = <Value>(value: Value | null | undefined): Value | undefined => value ?? undefined

function shippingMethodRoutes({ pricing, cursors }: PricingDeps): readonly Endpoint[] {
  return ruleRoutes(
    {
      path: '/admin/shipping-methods',
      resource: 'shipping',
      ...{ id: 'ShippingMethod', words: 'shipping method', code: 'shipping-method' },
      ...{ body: ShippingMethod, newBody: NewShippingMethod, patchBody: ShippingMethodPatch },
      show: shippingMethodBody,
      async list(page, call) {
        const { shippingMethods, nextId } = await pricing.listShippingMethods(page, call)
        return { rules: shippingMethods, nextId }
      },
      get: async (id, call) => (await pricing.getShippingMethod({ id }, call)).shippingMethod,
      async create({ name, countries = [], price, perKilogram, freeFrom, estimate }, call) {
        const amounts = {
          price: String(price),
          perKilogram: decimal(perKilogram),
          freeFrom: decimal(freeFrom),
        }
        const request = { name, countries, estimate, ...amounts }
        const { shippingMethod, replayed } = await pricing.createShippingMethod(request, call)
        return { rule: shippingMethod, replayed }
      },
      async update(changed, patch, call) {
        const { name, countries, price, perKilogram, freeFrom, estimate } = patch
        const amounts = {
          price: decimal(price),
          perKilogram: decimal(perKilogram),
          freeFrom: decimal(freeFrom),
        }
        const request = {
          ...{ ...changed, name, estimate: given(estimate), ...amounts, cleared: clearedIn(patch) },
          countries: { replace: countries !== undefined, countries: countries ?? [] },
        }
        return (await pricing.updateShippingMethod(request, call)).shippingMethod
      },
      remove: (changed, call) => pricing.deleteShippingMethod(changed, call),
    },
    cursors,
  )
}

/** Fewer decimals than a double loses; the service refuses what is no whole number. */
const ppmOf = (percent: number): number => Number(`${percent}e4`)

function taxRateRoutes({ pricing, cursors }: PricingDeps): readonly Endpoint[] {
  return ruleRoutes(
    {
      path: '/admin/tax-rates',
      resource: 'taxes',
      ...{ id: 'TaxRate', words: 'tax rate', code: 'tax-rate' },
      ...{ body: TaxRate, newBody: NewTaxRate, patchBody: TaxRatePatch },
      show: taxRateBody,
      async list(page, call) {
        const { taxRates, nextId } = await pricing.listTaxRates(page, call)
        return { rules: taxRates, nextId }
      },
      get: async (id, call) => (await pricing.getTaxRate({ id }, call)).taxRate,
      async create({ percent, ...place }, call) {
        const { taxRate, replayed } = await pricing.createTaxRate({ ...place, ratePpm: ppmOf(percent) }, call)
        return { rule: taxRate, replayed }
      },
      async update(changed, patch, call) {
        const { country, region, category, percent } = patch
        const ratePpm = percent === undefined ? undefined : ppmOf(percent)
        const place = { country, region: given(region), category: given(category) }
        const request = { ...changed, ...place, ratePpm, cleared: clearedIn(patch) }
        return (await pricing.updateTaxRate(request, call)).taxRate
      },
      remove: (changed, call) => pricing.deleteTaxRate(changed, call),
    },
    cursors,
  )
}

function promotionRoutes({ pricing, cursors }: PricingDeps): readonly Endpoint[] {
  const list = (texts: readonly string[] | undefined) => ({
    replace: texts !== undefined,
    texts: texts ?? [],
  })
  return ruleRoutes(
    {
      path: '/admin/promotions',
      resource: 'promotions',
      ...{ id: 'Promotion', words: 'promotion', code: 'promotion' },
      ...{ body: Promotion, newBody: NewPromotion, patchBody: PromotionPatch },
      show: promotionBody,
      async list(page, call) {
        const { promotions, nextId } = await pricing.listPromotions(page, call)
        return { rules: promotions, nextId }
      },
      get: async (id, call) => (await pricing.getPromotion({ id }, call)).promotion,
      async create({ value, minimum, products = [], categories = [], ...rest }, call) {
        const amounts = { value: decimal(value), minimum: decimal(minimum) }
        const { promotion, replayed } = await pricing.createPromotion(
          { ...rest, ...amounts, products, categories },
          call,
        )
        return { rule: promotion, replayed }
      },
      async update(changed, patch, call) {
        const { kind, value, products, categories, minimum } = patch
        const { code, description, from, to, limit, limitPerCustomer } = patch
        const request = {
          ...{
            ...changed,
            kind,
            value: decimal(value),
            minimum: decimal(minimum),
            cleared: clearedIn(patch),
          },
          ...{ code: given(code), description: given(description), from: given(from), to: given(to) },
          ...{ limit: given(limit), limitPerCustomer: given(limitPerCustomer) },
          ...{ products: list(products), categories: list(categories) },
        }
        return (await pricing.updatePromotion(request, call)).promotion
      },
      remove: (changed, call) => pricing.deletePromotion(changed, call),
    },
    cursors,
  )
}
