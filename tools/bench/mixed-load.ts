import { hearDecisions } from './decisions.ts'
import { errorName, openHttp, type Http } from '../shared/lean-http.ts'
import { troubleOf } from '../shared/shop-client.ts'
import { closedLoop, forSeconds, oneOf, pauseAfterError, type Load } from './load.ts'
import { createMeter, createTally, type Meter, type Tally } from '../shared/meter.ts'
import { buyers } from './place-orders.ts'
import { read } from './reads-load.ts'
import type { Measured, MixedWork } from './work.ts'

const shareOfReads = 0.9
const shareOfOrders = 0.08

/** What customers do in a shop: they look, sometimes they buy, and rarely they cancel. */
export async function mixedLoad({
  url,
  natsUrl,
  users,
  tokens,
  productIds,
  reads,
}: MixedWork): Promise<Load> {
  const http = openHttp(url, users)
  // When a cancellation comes before the decision, it counts as the decision.
  const decisions = await hearDecisions(natsUrl, ['order.confirmed', 'order.rejected', 'order.canceled'])
  const shop = buyers(http, decisions, productIds)
  const others = createMeter()
  const errors = createTally()
  const placed = Array.from({ length: users }, (): string[] => [])
  let [startedAt, seconds] = [0, 0]

  async function step(user: number): Promise<void> {
    const dice = Math.random()
    const token = tokens[user % tokens.length] ?? ''
    if (dice < shareOfReads) return read(http, oneOf(reads), others, errors)
    const canceled = dice < shareOfReads + shareOfOrders ? undefined : placed[user]?.pop()
    if (canceled !== undefined) return cancel(http, canceled, token, others, errors)
    const order = await shop.buy(token, 1)
    if (order) placed[user]?.push(order.id)
  }

  return {
    async run(wanted) {
      startedAt = performance.now()
      await closedLoop(users, forSeconds(wanted), step)
      seconds = (performance.now() - startedAt) / 1_000
    },
    async drain() {
      await decisions.allDecided()
    },
    reset() {
      for (const resettable of [shop, decisions, others, errors]) resettable.reset()
    },
    measured(): Measured {
      const done = others.count() + shop.done()
      const all = { ...shop.errors(), ...errors.counts() }
      const orders = shop.measured(startedAt)
      return { seconds, done, latency: others.latency(), errors: all, orders }
    },
    progress: () => ({ done: others.count() + shop.done(), settled: decisions.settled() }),
    async close() {
      await http.close()
      await decisions.close()
    },
  }
}

async function cancel(http: Http, id: string, token: string, meter: Meter, errors: Tally): Promise<void> {
  const sentAt = performance.now()
  const headers = { authorization: `Bearer ${token}` }
  const told = await http.ask({ method: 'POST', path: `/orders/${id}/cancel`, headers }).catch(troubleOf)
  if (typeof told !== 'string' && told.status === 200) {
    meter.record(performance.now() - sentAt)
    return
  }
  errors.add(typeof told === 'string' ? told : errorName(told))
  await pauseAfterError()
}
