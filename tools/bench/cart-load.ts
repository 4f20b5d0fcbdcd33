import { errorName, openHttp, type Http } from '../shared/lean-http.ts'
import { troubleOf } from '../shared/shop-client.ts'
import { closedLoop, forSeconds, oneOf, pauseAfterError, type Load } from './load.ts'
import { createMeter, createTally } from '../shared/meter.ts'
import type { CartWork } from './work.ts'

/** As many lines as a usual cart has. Then it is emptied, which is not counted. */
const linesPerCart = 5

/** Each user fills the own cart, a line at a time. */
export async function cartLoad({ url, users, tokens, productIds }: CartWork): Promise<Load> {
  const http = openHttp(url, users)
  const meter = createMeter()
  const errors = createTally()
  const additions = Array.from({ length: users }, () => 0)
  let seconds = 0

  async function step(user: number): Promise<void> {
    const token = tokens[user % tokens.length] ?? ''
    const isFull = (additions[user] ?? 0) >= linesPerCart
    const sentAt = performance.now()
    const told = await (isFull ? empty(http, token) : add(http, token, oneOf(productIds))).catch(troubleOf)
    if (typeof told !== 'string' && told.status === 200) {
      additions[user] = isFull ? 0 : (additions[user] ?? 0) + 1
      if (!isFull) meter.record(performance.now() - sentAt)
      return
    }
    errors.add(typeof told === 'string' ? told : errorName(told))
    await pauseAfterError()
  }

  return {
    async run(wanted) {
      const startedAt = performance.now()
      await closedLoop(users, forSeconds(wanted), step)
      seconds = (performance.now() - startedAt) / 1_000
    },
    drain: async () => {},
    reset() {
      meter.reset()
      errors.reset()
    },
    measured: () => ({ seconds, done: meter.count(), latency: meter.latency(), errors: errors.counts() }),
    progress: () => ({ done: meter.count(), settled: 0 }),
    close: () => http.close(),
  }
}

const add = (http: Http, token: string, productId: string) =>
  http.ask({
    method: 'POST',
    path: '/cart/items',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ productId, quantity: 1 }),
  })

const empty = (http: Http, token: string) =>
  http.ask({ method: 'DELETE', path: '/cart', headers: { authorization: `Bearer ${token}` } })
