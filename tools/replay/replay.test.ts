import t from 'tap'
import { planReplay } from './domain/plan.ts'
import { isFlawless, reportOf } from './report.ts'
import { fakeShop } from './testing/fake-shop.ts'
import { december, row, run, stockOf } from './testing/run-replay.ts'

t.test('with enough stock every order is confirmed and stock follows from the file alone', async (t) => {
  const shop = await fakeShop(t)
  const outcome = await run(t, shop)
  t.match(outcome, {
    placedNow: 3,
    confirmed: 3,
    turnedAway: 0,
    returnsBookedNow: 1,
    accounts: 3,
    problems: [],
  })
  t.strictSame(stockOf(shop), { '85123A': 4, '71053': 0 })
  t.match([...shop.products.values()][0], { sku: '85123A', name: 'name of 85123A', price: 2.56, stock: 4 })
  t.strictSame(outcome.stock, { compared: 2, disagreeing: [], unconfirmed: [] })
  t.ok(isFlawless(outcome))
  t.match(
    reportOf(outcome),
    /stock as expected +2 of 2 products\n +expected from +the file alone\n.*clean\n\nEverything agrees/s,
  )
})

t.test('the same file twice places and books nothing twice', async (t) => {
  const shop = await fakeShop(t)
  await run(t, shop)
  const before = stockOf(shop)
  const second = await run(t, shop, { opening: 40 })
  t.match(second, {
    placedNow: 0,
    placedBefore: 3,
    confirmed: 3,
    returnsBookedNow: 0,
    stock: { disagreeing: [] },
  })
  t.strictSame(stockOf(shop), before)
  t.ok(isFlawless(second))
})

t.test('with scarce stock orders are turned away, now and in the next run', async (t) => {
  const shop = await fakeShop(t)
  const first = await run(t, shop, { opening: 2 })
  t.match(first, { placedNow: 1, turnedAway: 2, confirmed: 1, stock: { disagreeing: [] } })
  t.ok(isFlawless(first))
  t.match(reportOf(first), /rejected +2 \(2 of them at the door\)/)
  t.match(await run(t, shop, { opening: 2 }), {
    placedNow: 0,
    turnedAway: 2,
    confirmed: 1,
    stock: { disagreeing: [] },
  })
})

t.test('a second file is compared from what the first one left, and the first one stays right', async (t) => {
  const shop = await fakeShop(t)
  await run(t, shop)
  const january = planReplay([row('540001', '85123A', '3', '17850', '0.10'), row('540002', '22423', '1')])
  const file = 'bbbbbbbbbbbb'
  t.match(await run(t, shop, { plan: january, file }), {
    confirmed: 2,
    stock: { compared: 2, disagreeing: [] },
  })
  t.strictSame(stockOf(shop), { '85123A': 4, '71053': 0, '22423': 0 })
  t.match(await run(t, shop), { placedNow: 0, confirmed: 3, stock: { compared: 2, disagreeing: [] } })
})

t.test('a file that had too little stock is not repeated on top of another one', async (t) => {
  const shop = await fakeShop(t)
  await run(t, shop, { opening: 2 })
  await run(t, shop, { plan: planReplay([row('540001', '85123A', '3')]), file: 'bbbbbbbbbbbb' })
  await t.rejects(run(t, shop), { message: /Another file has been replayed since/ })
})

t.test('a crash between the note of the opening and its booking is mended by the next run', async (t) => {
  const shop = await fakeShop(t)
  const description = 'replay aaaaaaaaaaaa: opened at 0 with 11'
  shop.products.set('p0', {
    id: 'p0',
    sku: '85123A',
    name: 'x',
    price: 1,
    description,
    stock: 0,
    currency: 'USD',
  })
  t.match(await run(t, shop), { confirmed: 3, stock: { disagreeing: [] } })
})

t.test('a busy stack and one that goes away are asked again', async (t) => {
  const shop = await fakeShop(t)
  shop.fail(503, 429, 0)
  const outcome = await run(t, shop)
  t.match(outcome, { confirmed: 3, retries: 3 })
  t.match(reportOf(outcome), /requests retried +3/)
})

t.test('an expired token is renewed', async (t) => {
  const shop = await fakeShop(t)
  // The first 7 requests are the login of the admin and 3 × (register, login).
  shop.fail(...Array<number>(7).fill(200), 401)
  t.match(await run(t, shop), { confirmed: 3 })
})

t.test('whatever does not agree is told, and is no success', async (t) => {
  const shop = await fakeShop(t)
  await run(t, shop)
  const [product] = shop.products.values()
  product!.stock += 1
  shop.auditViolations.push('stock-and-ledger')
  const [order] = shop.orders.values()
  order!.items[0]!.quantity = 7
  const outcome = await run(t, shop)
  t.notOk(isFlawless(outcome))
  const report = reportOf(outcome)
  t.match(report, /! 85123A has 5, expected 0 \+ 11 opened − 11 ordered \+ 4 returned = 4/)
  t.match(report, /! order .* is not what invoice 536365 says/)
  t.match(report, /! stock-and-ledger: 1 violation, such as somebody/)
  t.match(report, /Not everything agrees/)
})

t.test('an order that is refused for another reason is a problem', async (t) => {
  const shop = await fakeShop(t)
  await run(t, shop)
  shop.orders.clear()
  for (const product of shop.products.values()) product.stock = 100
  // The first 13 requests are the login, 3 × (register, login), the products, 2 × (patch, booking) and the return. Then
  // comes an order.
  shop.fail(...Array<number>(13).fill(200), 422)
  const outcome = await run(t, shop)
  t.match(outcome.problems, ['invoice 536365: 422'])
  t.notOk(isFlawless(outcome))
})

t.test('what cannot be done ends the replay', async (t) => {
  for (const [requests, message] of [
    [0, /admin@example.com cannot log in/],
    [1, /customer 17850 cannot register: 400/],
    [7, /products cannot be listed: 400/],
    [8, /product 85123A cannot be made: 400/],
    [9, /opening stock of replay aaaaaaaaaaaa cannot be booked: 400/],
    [16, /order .* cannot be read: 400/],
    [22, /the end of the replay cannot be noted: 400/],
    [24, /the audit cannot be read: 400/],
  ] as const) {
    const shop = await fakeShop(t)
    shop.fail(...Array<number>(requests).fill(200), 400)
    await t.rejects(run(t, shop), { message }, String(requests))
  }
})

t.test('a run that placed nothing and found nothing placed never agrees', async (t) => {
  const returns = planReplay([row('C536379', '85123A', '-4')])
  const unread = planReplay(Array.from({ length: 7 }, () => row('536365', '85123A', '1,5')))
  for (const [plan, opening, reason] of [
    [returns, 'enough', /the file has no order that can be placed\./],
    [unread, 'enough', /the file has no order that can be placed\./],
    [planReplay([]), 'enough', /the file has no order that can be placed\./],
    [december, 0, /of 3 orders 3 were turned away for lack of stock and 0 had problems\./],
  ] as const) {
    const shop = await fakeShop(t)
    for (const time of ['first', 'second']) {
      const outcome = await run(t, shop, { plan, opening })
      t.notOk(isFlawless(outcome), time)
      t.match(reportOf(outcome), reason)
      t.notMatch(reportOf(outcome), /verything agrees/)
    }
  }
})

t.test('what cannot be read is counted, and the first few lines are shown', async (t) => {
  const shop = await fakeShop(t)
  const bad = Array.from({ length: 7 }, () => row('536368', '85123A', '1,5'))
  const outcome = await run(t, shop, { plan: planReplay([row('536365', '85123A', '6.0'), ...bad]) })
  t.ok(isFlawless(outcome))
  t.match(
    reportOf(outcome),
    /left out: unreadable +7\n.*7 lines were unreadable and left out, such as:\n {2}line 3: Quantity "1,5"\n.*line 7: /s,
  )
  t.notMatch(reportOf(outcome), /line 8/)
})

t.test('one line that the API would not take does not end the run', async (t) => {
  const shop = await fakeShop(t)
  const plan = planReplay([
    row('536365', '85123A', '6'),
    { ...row('536365', '71053', '1'), Description: 'x'.repeat(300) },
    { ...row('536366', '22423', '1'), Description: 'a\u0000b\u001b' },
    { ...row('536366', '22424', '1'), Description: '\u0007' },
    row('536367', `DCGS${'1'.repeat(100)}`, '1'),
    row('536368', '85123A', '1', 'ä'.repeat(99)),
  ])
  const outcome = await run(t, shop, { plan })
  t.ok(isFlawless(outcome), reportOf(outcome))
  t.strictSame(
    [...shop.products.values()].map(({ name }) => name),
    ['name of 85123A', 'x'.repeat(200), 'a b', '22424'],
  )
  t.match(
    reportOf(outcome),
    /stock codes above the limit of the API +1\n.*customers that can have no account +1\n.*names that were shortened +1\n.*names that were cleaned +2\n/s,
  )
})

t.test('looking up what is booked never books, however much stock there is', async (t) => {
  const shop = await fakeShop(t)
  await run(t, shop)
  for (const [units, file] of [
    [1_000_000_000, 'bbbbbbbbbbbb'],
    [999_999_999, 'cccccccccccc'],
    [500_000_000, 'dddddddddddd'],
    [1, 'eeeeeeeeeeee'],
  ] as const) {
    for (const product of shop.products.values()) product.stock = units
    const plan = planReplay([
      row('536365', '85123a', '6'),
      row('536365', '71053', '2'),
      row('C536379', '85123A', '-4'),
    ])
    const outcome = await run(t, shop, { plan, file })
    t.match(outcome, { placedBefore: 1, placedNow: 0, returnsBookedNow: 0, stock: { disagreeing: [] } })
    t.strictSame(stockOf(shop), { '85123A': units, '71053': units })
  }
  const unbooked = planReplay([row('540001', '71053', '1'), row('C540001', '85123A', '-4')])
  for (const product of shop.products.values()) product.stock = 1_000_000_000
  const outcome = await run(t, shop, { plan: unbooked, file: 'ffffffffffff' }).catch((err: unknown) =>
    String(err),
  )
  t.match(outcome, /cannot be booked: 409 stock.too-large/)
  t.strictSame(stockOf(shop), { '85123A': 1_000_000_000, '71053': 1_000_000_000 })
})
