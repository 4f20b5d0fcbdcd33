import t from 'tap'
import {
  line,
  morning,
  noon,
  promotion,
  request,
  rules,
  shippingMethod,
  taxRate,
} from '../testing/fixtures.ts'
import { quote } from './quote.ts'
import type { QuoteRequest } from './quote-request.ts'
import type { Promotion, PromotionId, Rules } from './rules.ts'

const price = (asked: QuoteRequest, wanted: Partial<Rules>, use?: ReadonlyMap<PromotionId, number>) =>
  quote(asked, rules(wanted), use, noon)

t.test('goods, shipping and tax add up to the total', async (t) => {
  const express = shippingMethod({ priceMinor: 990n })
  const lines = [line({ unitPriceMinor: 1_250n, quantity: 2 }), line({ unitPriceMinor: 333n, quantity: 3 })]
  const asked = request(lines, { shippingMethodId: express.id })
  const { totals, lines: priced } = price(asked, { shippingMethods: [express], taxRates: [taxRate()] })
  t.strictSame(totals, {
    itemsMinor: 3_499n,
    discountMinor: 0n,
    shippingMinor: 990n,
    taxMinor: 853n, // 19 % of 4,489 is 852.91
    totalMinor: 5_342n,
  })
  t.strictSame(
    priced.map(({ key, amountMinor, taxRatePpm }) => ({ key, amountMinor, taxRatePpm })),
    lines.map(({ lineId }, index) => ({
      key: lineId,
      amountMinor: [2_500n, 999n][index],
      taxRatePpm: 190_000,
    })),
  )
})

t.test('with prices that include tax, the tax is a part of the total', async (t) => {
  const asked = request([line({ unitPriceMinor: 11_900n })])
  const { totals, taxes } = price(asked, { taxRates: [taxRate()], pricesIncludeTax: true })
  t.match(totals, { itemsMinor: 11_900n, taxMinor: 1_900n, totalMinor: 11_900n })
  t.match(taxes, [{ ratePpm: 190_000, baseMinor: 11_900n, netMinor: 10_000n, taxMinor: 1_900n }])
})

t.test('tax is rounded once for each rate, not for each line', async (t) => {
  // 7 % of 50 is 3.5 for each of three lines, which would make 12; of 150 it is 10.5.
  const lines = [1, 2, 3].map(() => line({ unitPriceMinor: 50n }))
  const { totals, lines: priced } = price(request(lines), { taxRates: [taxRate({ ratePpm: 70_000 })] })
  t.equal(totals.taxMinor, 11n)
  t.strictSame(priced.map(({ taxMinor }) => taxMinor).sort(), [3n, 4n, 4n])
})

t.test('without a destination there is neither shipping nor tax', async (t) => {
  const standard = shippingMethod()
  const asked = request([line()], { destination: undefined, shippingMethodId: standard.id })
  const quoted = price(asked, { shippingMethods: [standard], taxRates: [taxRate()] })
  t.match(quoted, { shippingMethods: [], shippingMethod: undefined, taxes: [] })
  t.equal(quoted.totals.totalMinor, 1_000n)
})

t.test('promotions come off what earlier ones have left: percentages, then amounts', async (t) => {
  const fiveOff = promotion({ code: 'FIVE', benefit: { kind: 'amount', minor: 500n } })
  const tenPercent = promotion()
  const { totals, discounts } = price(request([line({ unitPriceMinor: 2_000n })], { codes: ['five'] }), {
    promotions: [fiveOff, tenPercent],
  })
  t.match(totals, { discountMinor: 700n, totalMinor: 1_300n })
  t.strictSame(
    discounts.map(({ promotion, baseMinor, amountMinor }) => [promotion.id, baseMinor, amountMinor]),
    [
      [tenPercent.id, 2_000n, 200n],
      [fiveOff.id, 1_800n, 500n],
    ],
  )
})

t.test('a discount never exceeds what it is for', async (t) => {
  const big = promotion({ benefit: { kind: 'amount', minor: 5_000n }, categories: ['Kitchen '] })
  const lines = [line({ unitPriceMinor: 700n }), line({ categories: ['home'] })]
  const { totals, lines: priced } = price(request(lines), { promotions: [big, promotion({ ...big })] })
  t.match(totals, { discountMinor: 700n, totalMinor: 1_000n })
  t.strictSame(
    priced.map(({ discountMinor }) => discountMinor),
    [700n, 0n],
  )
})

t.test(
  'free shipping takes off the price of the method, and a code for it is shown before one is chosen',
  async (t) => {
    const standard = shippingMethod()
    const free = promotion({ code: 'FREE', benefit: { kind: 'free-shipping' } })
    const wanted = { shippingMethods: [standard], promotions: [free], taxRates: [taxRate()] }
    const asked = request([line()], { codes: ['FREE'] })
    t.match(price(asked, wanted).discounts, [{ amountMinor: 0n }])
    const chosen = price({ ...asked, shippingMethodId: standard.id }, wanted)
    t.match(chosen.totals, { shippingMinor: 490n, discountMinor: 490n, taxMinor: 190n, totalMinor: 1_190n })
    t.match(chosen.shipping, { amountMinor: 490n, discountMinor: 490n, taxMinor: 0n })
  },
)

t.test('the cent that is left over goes to the same line, wherever the line stands', async (t) => {
  const lines = ['a', 'b', 'c'].map((lineId) => line({ lineId, categories: [lineId] }))
  const wanted = {
    promotions: [promotion({ benefit: { kind: 'amount', minor: 100n } })],
    taxRates: [taxRate({ ratePpm: 1_000_000 }), taxRate({ category: 'a', ratePpm: 0 })],
  }
  for (const inOrder of [lines, lines.toReversed()]) {
    const { totals, lines: priced } = price(request(inOrder), wanted)
    t.equal(totals.taxMinor, 1_934n)
    t.equal(priced.find(({ key }) => key === 'a')?.discountMinor, 34n)
  }
})

t.test('promotions of one kind are applied by age, whatever the order in which they are known', async (t) => {
  const promotions = [500_000, 300_000].map((ppm) => promotion({ benefit: { kind: 'percent', ppm } }))
  for (const known of [promotions, promotions.toReversed()]) {
    const { discounts } = price(request([line({ unitPriceMinor: 5n })]), { promotions: known })
    t.strictSame(
      discounts.map(({ amountMinor }) => amountMinor),
      [3n, 1n],
    )
  }
})

t.test('a shipping method that is not on offer is not chosen', async (t) => {
  const elsewhere = shippingMethod({ countries: ['FR'] })
  const quoted = price(request([line()], { shippingMethodId: elsewhere.id }), {
    shippingMethods: [elsewhere],
  })
  t.match(quoted, { shippingMethod: undefined, shippingMethods: [], totals: { shippingMinor: 0n } })
})

t.test('a total that a JSON number cannot hold is refused', async (t) => {
  const asked = request([line({ unitPriceMinor: 2n ** 53n - 1n, quantity: 100_000 })])
  t.throws(() => price(asked, {}), { kind: 'invalid', code: 'pricing.invalid-quote' })
})

const later = new Date('2026-11-21T00:00:00Z')
const refused: readonly (readonly [string, Partial<Promotion>, number?])[] = [
  ['not-started', { from: later }],
  ['ended', { to: noon }],
  ['other-currency', { benefit: { kind: 'amount', minor: 1n }, currency: 'USD' }],
  ['other-currency', { minimumMinor: 1n, currency: 'USD' }],
  ['no-matching-items', { products: ['none'] }],
  ['below-minimum', { minimumMinor: 1_001n }],
  ['used-up', { limit: 2, redeemed: 2 }],
  ['used-up-by-customer', { limitPerCustomer: 1 }, 1],
]
for (const [reason, wanted, used = 0] of refused) {
  t.test(`a code that is ${reason} is told, and a promotion without code is left out`, async (t) => {
    const coded = promotion({ code: 'SAVE', ...wanted })
    const automatic = promotion(wanted)
    const use = new Map([coded, automatic].map(({ id }) => [id, used]))
    const quoted = price(
      request([line()], { codes: ['save', 'SAVE'] }),
      { promotions: [coded, automatic] },
      use,
    )
    t.strictSame(quoted.refusedCodes, [{ code: 'SAVE', reason }])
    t.strictSame(quoted.discounts, [])
  })
}

t.test('what is not refused applies: dates, minimum and limits that are just met', async (t) => {
  const met = promotion({
    ...{ code: 'SAVE', from: noon, to: later, minimumMinor: 1_000n },
    ...{ limit: 2, redeemed: 1, limitPerCustomer: 1 },
  })
  for (const use of [undefined, new Map([[met.id, 0]])]) {
    const quoted = price(request([line()], { codes: ['SAVE', 'nonsense'] }), { promotions: [met] }, use)
    t.equal(quoted.totals.discountMinor, 100n)
    t.strictSame(quoted.refusedCodes, [{ code: 'nonsense', reason: 'unknown' }])
  }
  t.ok(morning < noon)
})
