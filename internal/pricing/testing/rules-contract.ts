import type { Test } from 'tap'
import type { PricingService } from '../../gen/pricing/v1/pricing_pb.ts'
import type { Call } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'
import type { Handlers } from '../../platform/service.ts'
import { percentOff, quoteOf, standard, system, unchanged } from './requests.ts'

type PricingHandlers = Handlers<typeof PricingService>

const unchangedLists = { products: { replace: false, texts: [] }, categories: { replace: false, texts: [] } }

/** How rules are kept and followed, over every implementation of their stores, which are empty. */
export function rulesContract(t: Test, handlers: PricingHandlers): void {
  shipping(t, handlers)
  taxes(t, handlers)
  promotions(t, handlers)
  quoting(t, handlers)
}

function shipping(t: Test, handlers: PricingHandlers): void {
  t.test('a shipping method is made, shown, changed by version, and deleted', async (t) => {
    const { shippingMethod: made } = await handlers.createShippingMethod(
      { ...standard, estimate: '2–4 days' },
      system,
    )
    const { id } = made
    t.match(made, {
      ...{
        name: 'Standard',
        countries: [],
        priceMinor: '490',
        perKilogramMinor: '100',
        freeFromMinor: '5000',
      },
      ...{ estimate: '2–4 days', currency: 'EUR', version: 1 },
    })
    t.strictSame(await handlers.getShippingMethod({ id }, system), { shippingMethod: made })
    const { shippingMethod: changed } = await handlers.updateShippingMethod(
      {
        id,
        expectedVersion: 1,
        price: '5',
        countries: { replace: true, countries: ['DE'] },
        cleared: ['estimate'],
      },
      system,
    )
    t.match(changed, { priceMinor: '500', perKilogramMinor: '100', countries: ['DE'], version: 2 })
    t.notOk('estimate' in changed)
    const mismatch = { kind: 'conflict', code: 'shipping-method.version-mismatch' }
    await t.rejects(handlers.updateShippingMethod({ id, expectedVersion: 1, ...unchanged }, system), mismatch)
    await t.rejects(handlers.deleteShippingMethod({ id, expectedVersion: 1 }, system), mismatch)
    t.strictSame(await handlers.deleteShippingMethod({ id, expectedVersion: 2 }, system), {})
    const gone = { kind: 'not-found', code: 'shipping-method.not-found' }
    await t.rejects(handlers.getShippingMethod({ id }, system), gone)
    await t.rejects(handlers.updateShippingMethod({ id, ...unchanged }, system), gone)
  })

  t.test('lists have pages, newest first', async (t) => {
    const made: string[] = []
    for (const name of ['a', 'b', 'c'])
      made.unshift((await handlers.createShippingMethod({ ...standard, name }, system)).shippingMethod.id)
    const first = await handlers.listShippingMethods({ limit: 2 }, system)
    t.strictSame(
      first.shippingMethods.map(({ id }) => id),
      made.slice(0, 2),
    )
    const second = await handlers.listShippingMethods({ limit: 2, afterId: first.nextId }, system)
    t.equal(second.shippingMethods[0]?.id, made[2])
    t.notOk((await handlers.listTaxRates({ limit: 100 }, system)).nextId)
    t.notOk((await handlers.listPromotions({ limit: 100 }, system)).nextId)
    await t.rejects(handlers.listPromotions({ limit: 101 }, system), { code: 'pricing.invalid-limit' })
    for (const id of made) await handlers.deleteShippingMethod({ id }, system)
  })
}

function taxes(t: Test, handlers: PricingHandlers): void {
  t.test('a repeated request makes one rule, and tells of a deleted one', async (t) => {
    const once = { key: newId(), fingerprint: 'a' }
    const call: Call = { ...system, once }
    const first = await handlers.createTaxRate({ country: 'DE', category: 'books', ratePpm: 70_000 }, call)
    const again = await handlers.createTaxRate({ country: 'DE', category: 'books', ratePpm: 70_000 }, call)
    t.match([first.replayed, again.replayed], [false, true])
    t.strictSame(again.taxRate, first.taxRate)
    await handlers.deleteTaxRate({ id: first.taxRate.id }, system)
    await t.rejects(handlers.createTaxRate({ country: 'DE', category: 'books', ratePpm: 70_000 }, call), {
      code: 'tax-rate.not-found',
    })
  })

  t.test('there is one tax rate for each country, region and category', async (t) => {
    const place = { country: 'AT', region: 'Tirol', category: 'Books' }
    const { taxRate } = await handlers.createTaxRate({ ...place, ratePpm: 100_000 }, system)
    const taken = { kind: 'conflict', code: 'tax-rate.taken' }
    const same = { country: 'AT', region: 'TIROL ', category: 'books', ratePpm: 1 }
    await t.rejects(handlers.createTaxRate(same, system), taken)
    const { taxRate: whole } = await handlers.createTaxRate({ country: 'AT', ratePpm: 200_000 }, system)
    await t.rejects(handlers.updateTaxRate({ id: whole.id, ...place, cleared: [] }, system), taken)
    const cleared = await handlers.updateTaxRate({ id: taxRate.id, ratePpm: 0, cleared: ['region'] }, system)
    t.match(cleared.taxRate, { country: 'AT', category: 'Books', ratePpm: 0, version: 2 })
    t.notOk('region' in cleared.taxRate)
  })
}

function promotions(t: Test, handlers: PricingHandlers): void {
  t.test('a promotion has one code, in upper or lower case, and its description follows it', async (t) => {
    const { promotion } = await handlers.createPromotion(percentOff('Save-10'), system)
    t.match(promotion, {
      code: 'Save-10',
      description: '10 % off',
      kind: 'percent',
      percentPpm: 100_000,
      redeemed: 0,
    })
    await t.rejects(handlers.createPromotion(percentOff('SAVE-10'), system), { code: 'promotion.code-taken' })
    const change = { id: promotion.id, ...unchangedLists, cleared: [] }
    const { promotion: changed } = await handlers.updatePromotion(
      { ...change, kind: 'amount', value: '5', from: '2026-01-01T00:00:00Z', limit: 3 },
      system,
    )
    t.match(changed, { kind: 'amount', amountMinor: '500', description: '5 EUR off', limit: 3, version: 2 })
    t.equal(changed.from, '2026-01-01T00:00:00.000Z')
    t.notOk('percentPpm' in changed)
    await handlers.deletePromotion({ id: promotion.id }, system)
    t.ok((await handlers.createPromotion(percentOff('SAVE-10'), system)).promotion)
  })
}

function quoting(t: Test, handlers: PricingHandlers): void {
  t.test('a quote follows the rules that were just changed here', async (t) => {
    const asked = { ...quoteOf(newId()), promotionCodes: ['welcome', 'nothing'] }
    t.match(await handlers.quote(asked, system), {
      totals: { itemsMinor: '1000', totalMinor: '1000' },
      refusedCodes: [{ code: 'welcome', reason: 'unknown' }, { code: 'nothing' }],
    })
    const { shippingMethod } = await handlers.createShippingMethod(standard, system)
    await handlers.createTaxRate({ country: 'DE', ratePpm: 190_000 }, system)
    const { promotion } = await handlers.createPromotion(percentOff('WELCOME'), system)
    const quoted = await handlers.quote({ ...asked, shippingMethodId: shippingMethod.id }, system)
    t.strictSame(quoted.totals, {
      ...{ itemsMinor: '1000', discountMinor: '100', shippingMinor: '540' }, // half a kilogram
      ...{ taxMinor: '274', totalMinor: '1714' }, // 19 % of 14.40 is 2.736
    })
    t.match(quoted, {
      shipping: { methodId: shippingMethod.id, name: 'Standard', refused: false },
      promotions: [
        { promotionId: promotion.id, code: 'WELCOME', description: '10 % off', amountMinor: '100' },
      ],
      taxLines: [{ ratePpm: 190_000, netMinor: '1440', taxMinor: '274' }],
      shippingMethods: [{ id: shippingMethod.id, priceMinor: '540' }],
      refusedCodes: [{ code: 'nothing', reason: 'unknown' }],
      ...{ currency: 'EUR', taxIncluded: false },
    })
    t.strictSame(
      quoted.explanation.map(({ kind, ruleVersion, amountMinor }) => [kind, ruleVersion, amountMinor]),
      [
        ['shipping', 1, '540'],
        ['promotion', 1, '100'],
        ['tax', 0, '274'],
      ],
    )
    const offered = { country: 'DE', currency: 'EUR', goodsMinor: '1000', weightGrams: '0' }
    t.match(await handlers.offerShippingMethods(offered, system), {
      shippingMethods: [{ priceMinor: '490' }],
    })
    t.match(await handlers.quote({ ...asked, shippingMethodId: newId() }, system), {
      shipping: { refused: true },
    })
  })
}
