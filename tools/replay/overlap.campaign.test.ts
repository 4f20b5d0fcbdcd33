import t, { type Test } from 'tap'
import { planReplay } from './domain/plan.ts'
import { isFlawless, reportOf, type Outcome } from './report.ts'
import { fakeShop, lost, type FakeShop } from './testing/fake-shop.ts'
import { row, run, stockOf, type Options } from './testing/run-replay.ts'

// The three share the order 540002 and the return C540001; 22423 is sold in shared invoices only.
const shared = [
  row('540002', '85123A', '5', ''),
  row('540002', '22423', '2', ''),
  row('C540001', '85123A', '-1'),
]
const files = {
  aaaaaaaaaaaa: planReplay([row('540001', '85123A', '6'), row('540001', '71053', '2'), ...shared]),
  bbbbbbbbbbbb: planReplay([
    ...shared,
    row('540003', '85123A', '3', '13047'),
    row('540003', '84879', '4', '13047'),
    row('C540003', '84879', '-2'),
  ]),
  cccccccccccc: planReplay([
    ...shared,
    row('540003', '85123A', '3', '13047'),
    row('540003', '84879', '4', '13047'),
  ]),
} as const
type File = keyof typeof files

const replayed = (t: Test, shop: FakeShop, file: File, options: Options = {}): Promise<Outcome> =>
  run(t, shop, { plan: files[file], file, ...options })

/** All openings were used, and each return was booked once. */
const allSold = { '85123A': 1, '71053': 0, '22423': 0, '84879': 2 }

for (const order of [
  ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'],
  ['bbbbbbbbbbbb', 'aaaaaaaaaaaa'],
] as const) {
  t.test(`files that share invoices open stock once for them: ${order.join()}`, async (t) => {
    const shop = await fakeShop(t)
    for (const file of order) {
      const outcome = await replayed(t, shop, file)
      t.match(outcome, { confirmed: 2, stock: { compared: files[file].products.length, disagreeing: [] } })
      t.ok(isFlawless(outcome), reportOf(outcome))
    }
    t.strictSame(stockOf(shop), allSold)
    for (const file of [...order, ...order]) {
      const again = await replayed(t, shop, file, { opening: 40 })
      t.match(again, { placedNow: 0, placedBefore: 2, returnsBookedNow: 0 })
      t.ok(isFlawless(again), reportOf(again))
    }
    t.strictSame(stockOf(shop), allSold)
  })

  t.test(`the same with a number of units: ${order.join()}`, async (t) => {
    const shop = await fakeShop(t)
    for (const file of order) t.ok(isFlawless(await replayed(t, shop, file, { opening: 40 })))
    // 85123A has other invoices in both files, so it is opened twice; 22423 has none in the second one.
    t.strictSame(stockOf(shop), { '85123A': 80 - 14 + 1, '71053': 38, '22423': 38, '84879': 38 })
    const before = stockOf(shop)
    for (const file of order) {
      const again = await replayed(t, shop, file)
      t.match(again, { placedNow: 0, returnsBookedNow: 0 })
      t.ok(isFlawless(again), reportOf(again))
    }
    t.strictSame(stockOf(shop), before)
  })
}

t.test('what a scarce file was refused is opened by the next file that has it', async (t) => {
  const shop = await fakeShop(t)
  t.match(await replayed(t, shop, 'aaaaaaaaaaaa', { opening: 1 }), {
    turnedAway: 2,
    stock: { disagreeing: [] },
  })
  const outcome = await replayed(t, shop, 'bbbbbbbbbbbb')
  t.match(outcome, { confirmed: 2, turnedAway: 0, stock: { disagreeing: [] } })
  await t.rejects(replayed(t, shop, 'aaaaaaaaaaaa'), { message: /Another file has been replayed since/ })
})

t.test('an invoice that was rejected before this file is no fault of it', async (t) => {
  const shop = await fakeShop(t)
  await replayed(t, shop, 'aaaaaaaaaaaa')
  const order = shop.orders.get('replay-guest@replay.example-540002')
  order!.status = 'rejected'
  const [mug, , cake] = shop.products.values()
  mug!.stock += 5
  cake!.stock += 2
  for (const time of ['first', 'second']) {
    const outcome = await replayed(t, shop, 'bbbbbbbbbbbb')
    t.match(outcome, { confirmed: 1, rejected: 1, stock: { disagreeing: [] } }, time)
    t.ok(isFlawless(outcome), reportOf(outcome))
  }
})

t.test(
  'invoices that two files show differently are told, and are opened by the first one only',
  async (t) => {
    const shop = await fakeShop(t)
    await replayed(t, shop, 'aaaaaaaaaaaa')
    const before = stockOf(shop)
    const plan = planReplay([row('540002', '85123A', '9', ''), row('C540001', '85123A', '-3')])
    for (const time of ['first', 'second']) {
      const outcome = await run(t, shop, { plan, file: 'dddddddddddd' })
      t.match(
        outcome.problems,
        [/return C540001 .*stock.idempotency-key-reused/, /540002: 422 order.idempotency-key-reused/],
        time,
      )
      t.strictSame(outcome.stock.disagreeing, [], time)
      t.notOk(isFlawless(outcome))
      t.strictSame(stockOf(shop), before, time)
    }
  },
)

/** Runs the second file so that it ends after each of its requests in turn, before or after the request has counted. */
async function crashes(
  t: Test,
  name: string,
  check: (t: Test, shop: FakeShop) => Promise<void>,
): Promise<void> {
  for (const how of [400, lost] as const) {
    for (let request = 0, isOver = false; !isOver; request++) {
      const shop = await fakeShop(t)
      await replayed(t, shop, 'aaaaaaaaaaaa')
      const sent = shop.requests()
      shop.fail(...Array<number>(request).fill(200), how)
      await replayed(t, shop, 'bbbbbbbbbbbb').catch(() => {})
      isOver = shop.requests() - sent <= request
      shop.mend()
      await t.test(`${name}: ${how} at request ${request}`, (t) => check(t, shop))
    }
  }
}

const flawless = async (t: Test, shop: FakeShop, file: File): Promise<Outcome> => {
  const outcome = await replayed(t, shop, file)
  t.strictSame(outcome.stock.disagreeing, [], file)
  t.ok(isFlawless(outcome), reportOf(outcome))
  return outcome
}

t.test('a second file that is interrupted anywhere is finished by its next run', (t) =>
  crashes(t, 'again', async (t, shop) => {
    await flawless(t, shop, 'bbbbbbbbbbbb')
    t.strictSame(stockOf(shop), allSold)
    await flawless(t, shop, 'aaaaaaaaaaaa')
    t.match(await flawless(t, shop, 'bbbbbbbbbbbb'), { placedNow: 0, returnsBookedNow: 0 })
    t.strictSame(stockOf(shop), allSold)
  }),
)

t.test('it is compared exactly also when another file came in between', (t) =>
  crashes(t, 'after another file', async (t, shop) => {
    for (const file of ['cccccccccccc', 'bbbbbbbbbbbb', 'aaaaaaaaaaaa'] as const)
      await flawless(t, shop, file)
    const before = stockOf(shop)
    for (const file of ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc'] as const)
      t.match(await flawless(t, shop, file), { placedNow: 0, returnsBookedNow: 0 })
    t.strictSame(stockOf(shop), before)
  }),
)
