import t from 'tap'
import type { Call } from '../platform/call.ts'
import { newId } from '../platform/new-id.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { openPricing } from './testing/open-pricing.ts'
import { quoteOf, standard, system, unchanged } from './testing/requests.ts'
import { rulesContract } from './testing/rules-contract.ts'

const { url } = await testDatabase(t)
const { handlers, health } = await openPricing(t, url)

rulesContract(t, handlers)

t.test('it is ready when its database answers', async (t) => {
  t.strictSame(await health.checkReadiness({}, system), {
    checks: [{ name: 'pricing database', ready: true, detail: '' }],
  })
})

t.test('only admins keep the rules, and only services hold redemptions', async (t) => {
  const customer: Call = { ...system, actor: { kind: 'user', userId: newId(), role: 'customer' } }
  const forbidden = { kind: 'forbidden', code: 'auth.forbidden' }
  const id = newId()
  await t.rejects(handlers.createShippingMethod(standard, customer), forbidden)
  await t.rejects(handlers.updateShippingMethod({ id, ...unchanged }, customer), forbidden)
  await t.rejects(handlers.deleteTaxRate({ id }, customer), forbidden)
  await t.rejects(handlers.getPromotion({ id }, customer), forbidden)
  await t.rejects(handlers.listTaxRates({ limit: 1 }, customer), forbidden)
  const admin: Call = { ...system, actor: { kind: 'user', userId: newId(), role: 'admin' } }
  await t.rejects(handlers.reserveRedemptions({ requests: [] }, admin), forbidden)
  await t.rejects(handlers.releaseRedemptions({ holds: [] }, admin), forbidden)
  await t.rejects(handlers.confirmRedemptions({ holds: [] }, admin), forbidden)
})

t.test('another replica sees a change within a second, and at once where it says so', async (t) => {
  const other = await openPricing(t, url)
  const asked = quoteOf(newId())
  const offers = async (fresh: boolean) =>
    (await other.handlers.quote({ ...asked, fresh }, system)).shippingMethods.length
  const before = await offers(false)
  const { shippingMethod } = await handlers.createShippingMethod({ ...standard, name: 'New' }, system)
  const { id } = shippingMethod
  t.equal(await offers(true), before + 1)
  await handlers.updateShippingMethod({ id, ...unchanged, price: '77' }, system)
  const { shippingMethods } = await other.handlers.quote({ ...asked, fresh: true }, system)
  t.match(
    shippingMethods.find((method) => method.id === id),
    { priceMinor: /^77\d\d$/ },
  )
  await handlers.deleteShippingMethod({ id }, system)
  t.equal(await offers(true), before)
  await handlers.createShippingMethod({ ...standard, name: 'Newer' }, system)
  t.ok(await eventually('a change at another replica', async () => (await offers(false)) === before + 1))
})

t.test('what is no quote is refused', async (t) => {
  const good = quoteOf(newId())
  const [line] = good.lines
  if (!line) throw new Error('no line')
  const refused = { kind: 'invalid', code: 'pricing.invalid-quote' }
  const lines = (change: object) => handlers.quote({ ...good, lines: [{ ...line, ...change }] }, system)
  for (const change of [
    { lineId: '' },
    { quantity: 0 },
    { quantity: 1.5 },
    { weightGrams: -1 },
    { unitPriceMinor: '-1' },
    { unitPriceMinor: '1.5' },
  ])
    await t.rejects(lines(change), refused)
  await t.rejects(handlers.quote({ ...good, lines: [line, line] }, system), refused)
  const many = Array.from({ length: 1_001 }, (_, index) => ({ ...line, lineId: `${index}` }))
  await t.rejects(handlers.quote({ ...good, lines: many }, system), refused)
  await t.rejects(
    handlers.quote({ ...good, promotionCodes: Array.from({ length: 21 }, String) }, system),
    refused,
  )
  await t.rejects(handlers.quote({ ...good, customerKey: '' }, system), { code: 'pricing.invalid-customer' })
})
