import { hearDecisions } from './decisions.ts'
import { openHttp } from '../shared/lean-http.ts'
import { closedLoop, forSeconds, type Load } from './load.ts'
import { buyers } from './place-orders.ts'
import type { OrdersWork } from './work.ts'

export async function ordersLoad(work: OrdersWork): Promise<Load> {
  const { url, natsUrl, users, tokens, productIds, lines, orders, waits = false } = work
  const http = openHttp(url, users)
  const decisions = await hearDecisions(natsUrl, ['order.confirmed', 'order.rejected'])
  const shop = buyers(http, decisions, productIds)
  let [startedAt, seconds, begun] = [0, 0, 0]
  return {
    async run(wanted) {
      startedAt = performance.now()
      const inTime = forSeconds(wanted)
      await closedLoop(users, orders === undefined ? inTime : () => begun < orders, async (user) => {
        const customer = orders === undefined ? user : begun
        begun++
        const order = await shop.buy(tokens[customer % tokens.length] ?? '', lines)
        if (waits) await order?.decided
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
