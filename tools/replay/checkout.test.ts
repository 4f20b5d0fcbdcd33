import t, { type Test } from 'tap'
import { moneyOf } from './domain/invoice-money.ts'
import { planReplay } from './domain/plan.ts'
import { isFlawless, reportOf, type Outcome } from './report.ts'
import { fakeShop, type FakeShop } from './testing/fake-shop.ts'
import { row, run, stockOf, type Options } from './testing/run-replay.ts'

// Of december's invoices 536366, a guest's, is even and is paid by card.

const file = 'aaaaaaaaaaaa/checkout'

const bought = (t: Test, shop: FakeShop, options: Options = {}): Promise<Outcome> =>
  run(t, shop, { file, checkout: { currency: 'USD', sandboxUrl: shop.url }, ...options })

t.test('each invoice is bought through a cart, and every cent follows from the file alone', async (t) => {
  for (const pricesIncludeTax of [false, true]) {
    const shop = await fakeShop(t)
    shop.buying.settings.pricesIncludeTax = pricesIncludeTax
    const outcome = await bought(t, shop)
    t.match(outcome, { placedNow: 3, confirmed: 3, returnsBookedNow: 1, accounts: 3, problems: [] })
    t.strictSame(stockOf(shop), { '85123A': 4, '71053': 0 })
    // 5 × 2.56, 5 for sending it, and 20 % of both.
    const byCard = pricesIncludeTax ? 1_780n : 2_136n
    t.match(outcome.money, {
      compared: 3,
      byCard: 1,
      dueByCard: byCard,
      taken: byCard,
      takenAtProvider: byCard,
    })
    t.strictSame([...shop.buying.charges.values()], [Number(byCard)])
    t.ok(isFlawless(outcome), reportOf(outcome))
    t.match(
      reportOf(outcome),
      /money as expected +3 of 3 orders\n.*taken, as the provider says +\d+\n.*Everything agrees/s,
    )
    t.match(
      [...shop.orders.values()].map((order) => order.status),
      ['confirmed', 'paid', 'confirmed'],
    )
  }
})

t.test('the same file twice buys nothing twice, and makes no second shipping method', async (t) => {
  const shop = await fakeShop(t)
  await bought(t, shop)
  const before = stockOf(shop)
  const second = await bought(t, shop, { opening: 40 })
  t.match(second, {
    placedNow: 0,
    placedBefore: 3,
    confirmed: 3,
    returnsBookedNow: 0,
    stock: { disagreeing: [] },
  })
  t.ok(isFlawless(second), reportOf(second))
  t.strictSame(stockOf(shop), before)
  t.equal(shop.buying.charges.size, 1)
  t.match(shop.buying.rules, { 'tax-rates': { length: 1 }, 'shipping-methods': { length: 1 } })
})

t.test(
  'with scarce stock carts are turned away, and leave nothing to the next one of the customer',
  async (t) => {
    const shop = await fakeShop(t)
    const plan = planReplay([
      row('536365', '85123A', '6'),
      row('536367', '85123A', '2'),
      row('536369', '85123A', '9'),
    ])
    for (const placedNow of [1, 0])
      t.match(await bought(t, shop, { opening: 2, plan }), {
        placedNow,
        turnedAway: 2,
        confirmed: 1,
        stock: { disagreeing: [] },
      })
    const [order] = shop.orders.values()
    t.match(order, { items: [{ quantity: 2 }] })
  },
)

t.test('a file is replayed in one way', async (t) => {
  const shop = await fakeShop(t)
  await bought(t, shop)
  await t.rejects(run(t, shop), { message: /replayed here with --through checkout/ })
  const other = await fakeShop(t)
  await run(t, other)
  await t.rejects(bought(t, other), { message: /replayed here with --through orders/ })
  t.equal(other.orders.size, 3)
})

t.test('a cent that differs is told, and so is money for an order that has ended', async (t) => {
  const shop = await fakeShop(t)
  await bought(t, shop)
  const [invoiced, paid] = [...shop.orders.values()]
  Object.assign(invoiced!, { tax: 0.01 })
  shop.buying.charges.set(paid!.id, 2_135)
  const outcome = await bought(t, shop)
  t.notOk(isFlawless(outcome))
  t.match(reportOf(outcome), /! order .* of invoice 536365, in minor units: tax is 1 instead of/)
  t.match(
    reportOf(outcome),
    /! .* 536366, .*taken is 2135 instead of 2136, taken by the provider is 2135 instead of 2136/,
  )
  paid!.status = 'expired'
  t.match(reportOf(await bought(t, shop)), /! .* 536366, .*taken is 2135 instead of 0/)
})

t.test('another file compares what it shares by the prices at which it was bought', async (t) => {
  const shop = await fakeShop(t)
  await bought(t, shop)
  const plan = planReplay([row('536366', '85123A', '5', '', '7'), row('540001', '85123A', '1', '17850', '7')])
  const outcome = await bought(t, shop, { plan, file: 'bbbbbbbbbbbb/checkout' })
  t.match(outcome, { placedNow: 1, placedBefore: 1 })
  t.ok(isFlawless(outcome), reportOf(outcome))
  const changed = planReplay([row('536366', '85123A', '6', '')])
  const other = await bought(t, shop, { plan: changed, file: 'cccccccccccc/checkout' })
  t.match(other.problems, [/invoice 536366: it was bought with other lines/])
})

t.test('a shop that cannot take the money ends the replay', async (t) => {
  const shop = await fakeShop(t)
  shop.buying.settings.methods = ['ideal']
  await t.rejects(bought(t, shop), { message: /the shop does not take card and invoice/ })
  shop.buying.settings.methods = ['card', 'invoice']
  shop.buying.settings.isOutOfAttempts = true
  const plan = planReplay([row('536366', '85123A', '5'), row('536368', '85123A', '5')])
  await t.rejects(bought(t, shop, { plan }), { message: /PAYMENT_ATTEMPTS_PER_HOUR=100000/ })
  const taxed = await fakeShop(t)
  taxed.buying.rules['tax-rates'].push({ id: 'x', country: 'AQ', percent: 7 })
  await t.rejects(bought(t, taxed), { message: /tax-rates\/x is not as the replay needs it: percent/ })
})

t.test('tax is rounded once, half up, in or beside the prices', (t) => {
  const pricing = { prices: new Map([['a', 3n]]), decimals: 2 }
  const lines = new Map([['a', 1]])
  t.strictSame(moneyOf(lines, { ...pricing, isTaxIncluded: false }), {
    items: 3n,
    shipping: 500n,
    tax: 101n,
    total: 604n,
  })
  // 503 / 6 = 83.83
  t.strictSame(moneyOf(lines, { ...pricing, isTaxIncluded: true }), {
    items: 3n,
    shipping: 500n,
    tax: 84n,
    total: 503n,
  })
  const many = new Map([['a', 5_000]])
  t.match(moneyOf(many, { ...pricing, isTaxIncluded: false }), {
    items: 15_000n,
    shipping: 0n,
    total: 18_000n,
  })
  t.end()
})
