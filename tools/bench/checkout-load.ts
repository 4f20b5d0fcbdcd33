import { hearDecisions } from './decisions.ts'
import { openHttp } from '../shared/lean-http.ts'
import { checkouts } from './check-out.ts'
import { closedLoop, forSeconds, type Load } from './load.ts'
import type { CheckoutWork } from './work.ts'

/** Each user fills a cart, pays by card, and goes on when the order is paid, which counts as settled. */
export async function checkoutLoad(work: CheckoutWork): Promise<Load> {
  const { url, natsUrl, users, tokens, productIds, lines, buyers } = work
  const http = openHttp(url, users)
  const decisions = await hearDecisions(natsUrl, ['order.paid', 'order.rejected'])
  const shop = checkouts(http, decisions, productIds)
  let [startedAt, seconds, begun] = [0, 0, 0]
  return {
    async run(wanted) {
      startedAt = performance.now()
      const inTime = forSeconds(wanted)
      await closedLoop(users, buyers === undefined ? inTime : () => begun < buyers, async (user) => {
        const customer = buyers === undefined ? user : begun
        begun++
        await shop.buy(tokens[customer % tokens.length] ?? '', lines)
      })
      seconds = (performance.now() - startedAt) / 1_000
    },
    async drain() {
      await decisions.allDecided()
    },
    reset() {
      shop.reset()
      decisions.reset()
      begun = 0
    },
    measured() {
      const measured = shop.measured(startedAt)
      const done = shop.done()
      return { seconds, done, latency: measured.accept, errors: shop.errors(), orders: measured }
    },
    progress: () => ({ done: shop.done(), settled: decisions.settled() }),
    async close() {
      await http.close()
      await decisions.close()
    },
  }
}
