import t, { type Test } from 'tap'
import { isFlawless, reportOf, type Outcome } from './report.ts'
import { fakeShop, lost, type FakeShop } from './testing/fake-shop.ts'
import { run, stockOf } from './testing/run-replay.ts'

const bought = (t: Test, shop: FakeShop): Promise<Outcome> =>
  run(t, shop, { file: 'aaaaaaaaaaaa/checkout', checkout: { currency: 'USD', sandboxUrl: shop.url } })

t.test(
  'a run that is interrupted anywhere is finished by its next run, and nothing is bought twice',
  async (t) => {
    for (const how of [400, lost] as const) {
      for (let request = 0, isOver = false; !isOver; request++) {
        const shop = await fakeShop(t)
        shop.fail(...Array<number>(request).fill(200), how)
        await bought(t, shop).catch(() => {})
        isOver = shop.requests() <= request
        shop.mend()
        const outcome = await bought(t, shop)
        t.ok(isFlawless(outcome), `${how} at request ${request}: ${reportOf(outcome)}`)
        t.strictSame(stockOf(shop), { '85123A': 4, '71053': 0 })
        t.strictSame([shop.orders.size, shop.buying.charges.size], [3, 1])
      }
    }
  },
)
