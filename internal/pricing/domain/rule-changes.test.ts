import t from 'tap'
import { newId } from '../../platform/new-id.ts'
import { morning, noon } from '../testing/fixtures.ts'
import { createPromotion, deletePromotion, updatePromotion, type PromotionInput } from './promotion.ts'
import type { PromotionId, ShippingMethodId, TaxRateId } from './rules.ts'
import { createShippingMethod, updateShippingMethod, type ShippingMethodInput } from './shipping-method.ts'
import { createTaxRate, deleteTaxRate, updateTaxRate, type TaxRateInput } from './tax-rate.ts'

const none = { perKilogram: undefined, freeFrom: undefined, estimate: undefined }
const methodOf = (wanted: Partial<ShippingMethodInput>, currency = 'EUR') =>
  createShippingMethod(
    newId() as ShippingMethodId,
    { name: 'Standard', countries: [], price: '4.9', ...none, ...wanted },
    currency,
    morning,
  )
const rateOf = (wanted: Partial<TaxRateInput>) =>
  createTaxRate(
    newId() as TaxRateId,
    { country: 'DE', region: undefined, category: undefined, ratePpm: 190_000, ...wanted },
    morning,
  )
const promotionOf = (wanted: Partial<PromotionInput>, currency = 'EUR') =>
  createPromotion(
    newId() as PromotionId,
    { kind: 'percent', value: '10', products: [], categories: [], ...wanted },
    currency,
    morning,
  )

t.test('amounts have the decimals of the currency, and keep it', async (t) => {
  t.match(methodOf({ price: '490', freeFrom: '20' }, 'JPY'), { freeFromMinor: 20n })
  t.throws(() => methodOf({}, 'JPY'), { code: 'money.invalid' })
  const method = methodOf({ price: '1.234' }, 'KWD')
  t.match(updateShippingMethod(method, { price: '0.5', freeFrom: null }, 1, noon), {
    ...{ priceMinor: 500n, currency: 'KWD', version: 2, updatedAt: noon },
  })
})

const wrong: readonly (readonly [string, () => unknown])[] = [
  ['name', () => methodOf({ name: ' ' })],
  ['name', () => methodOf({ name: 'a\nb' })],
  ['name', () => methodOf({ name: 'x'.repeat(201) })],
  ['countries', () => methodOf({ countries: ['de'] })],
  ['countries', () => methodOf({ countries: Array.from({ length: 251 }, () => 'DE') })],
  ['price', () => methodOf({ price: '-1' })],
  ['estimate', () => methodOf({ estimate: '' })],
  ['country', () => rateOf({ country: 'Germany' })],
  ['region', () => rateOf({ region: '' })],
  ['region', () => rateOf({ region: 'x'.repeat(101) })],
  ['percent', () => rateOf({ ratePpm: 0.5 })],
  ['percent', () => rateOf({ ratePpm: 1_000_001 })],
  ['percent', () => rateOf({ ratePpm: -1 })],
  ['kind', () => promotionOf({ kind: 'gift' })],
  ['value', () => promotionOf({ value: undefined })],
  ['value', () => promotionOf({ value: '0' })],
  ['value', () => promotionOf({ value: '100.1' })],
  ['value', () => promotionOf({ value: '0.00001' })],
  ['value', () => promotionOf({ kind: 'amount', value: '0' })],
  ['value', () => promotionOf({ kind: 'free-shipping', value: '1' })],
  ['code', () => promotionOf({ code: 'two words' })],
  ['code', () => promotionOf({ code: 'x'.repeat(65) })],
  ['categories', () => promotionOf({ categories: [''] })],
  ['categories', () => promotionOf({ categories: Array.from({ length: 1_001 }, String) })],
  ['minimum', () => promotionOf({ minimum: '-1' })],
  ['from', () => promotionOf({ from: 'tomorrow' })],
  ['to', () => promotionOf({ from: '2026-01-02T00:00:00Z', to: '2026-01-02T00:00:00Z' })],
  ['limit', () => promotionOf({ limit: 0 })],
  ['limitPerCustomer', () => promotionOf({ limitPerCustomer: 1.5 })],
]
for (const [index, [field, make]] of wrong.entries()) {
  t.test(`a wrong ${field} is refused (${index})`, async (t) => {
    t.throws(make, {
      kind: 'invalid',
      code: /^(shipping-method|tax-rate|promotion)\.invalid$/,
      details: { field },
    })
  })
}

t.test('a product that is no id is refused', async (t) => {
  t.throws(() => promotionOf({ products: ['shoes'] }), { code: 'promotion.invalid' })
})

t.test('what is not given stays, and null removes', async (t) => {
  const rate = rateOf({ region: 'BY', category: 'Books' })
  t.strictSame(updateTaxRate(rate, { region: null }, undefined, noon), {
    ...{ ...rate, region: undefined, version: 2, updatedAt: noon },
  })
  t.match(deleteTaxRate(rate, 1, noon), { deletedAt: noon, version: 2 })
  const limited = promotionOf({ code: ' SAVE ', limit: 3, to: '2026-12-01T00:00:00Z', minimum: '20' })
  t.match(limited, { code: 'SAVE', limit: 3, minimumMinor: 2_000n, to: new Date('2026-12-01T00:00:00Z') })
  const freed = updatePromotion(limited, { code: null, limit: null, to: null, minimum: null }, 1, noon)
  t.match(freed, { code: undefined, limit: undefined, to: undefined, minimumMinor: undefined, version: 2 })
  t.strictSame(freed.benefit, limited.benefit)
})

t.test('the description follows what a promotion gives, until somebody writes one', async (t) => {
  const described = (wanted: Partial<PromotionInput>) => promotionOf(wanted).description
  t.equal(described({ value: '12.5' }), '12.5 % off')
  t.equal(described({ kind: 'amount', value: '5' }), '5 EUR off')
  t.equal(described({ kind: 'free-shipping', value: undefined }), 'free shipping')
  const own = promotionOf({ description: 'Welcome' })
  const changed = updatePromotion(own, { kind: 'free-shipping' }, undefined, noon)
  t.match(changed, { description: 'Welcome', benefit: { kind: 'free-shipping' } })
  t.equal(updatePromotion(changed, { description: null }, undefined, noon).description, 'free shipping')
  t.throws(() => updatePromotion(changed, { kind: 'amount' }, undefined, noon), {
    code: 'promotion.invalid',
    details: { field: 'value' },
  })
})

t.test('nobody changes what has changed since, or limits below what is used', async (t) => {
  const promotion = { ...promotionOf({ limit: 5 }), redeemed: 3 }
  const mismatch = {
    kind: 'conflict',
    code: 'promotion.version-mismatch',
    details: { expected: 2, current: 1 },
  }
  t.throws(() => updatePromotion(promotion, { limit: 4 }, 2, noon), mismatch)
  t.throws(() => deletePromotion(promotion, 2, noon), mismatch)
  const below = { kind: 'conflict', code: 'promotion.limit-below-use', details: { redeemed: 3 } }
  t.throws(() => updatePromotion(promotion, { limit: 2 }, 1, noon), below)
  t.equal(updatePromotion(promotion, { limit: 3 }, 1, noon).limit, 3)
})
