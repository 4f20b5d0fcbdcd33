import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openOneProcess } from './testing/shop.ts'
import { startLoad, statusesOf } from './testing/load.ts'
import { openApi } from './testing/api.ts'

t.setTimeout(120_000)

/** How many orders a second eight buyers get. */
const measuredMs = 4_000

t.test('a storm of logins does not slow orders by more than half', { timeout: 110_000 }, async (t) => {
  // The cost that passwords have in earnest: some 55 ms each.
  const shop = await openOneProcess(t, { BCRYPT_COST: '10' })
  const product = await shop.newProduct(1_000_000)
  const token = await shop.api.newCustomer()
  const rate = async (): Promise<number> => {
    const load = startLoad(shop.api, token, [product], { pauseMs: 0 })
    await sleep(measuredMs) // what is measured
    const attempts = await load.stop()
    t.same(Object.keys(statusesOf(attempts)), ['201'])
    return attempts.length / (measuredMs / 1_000)
  }
  await rate() // warm
  const calm = await rate()
  // Each has 64 connections.
  const storm = Array.from({ length: 7 }, () => openApi(t, shop.url))
  const counts: Record<number, number> = {}
  const stop = new AbortController()
  const guess = async (guesser: number): Promise<void> => {
    for (let tries = 0; !stop.signal.aborted; tries++) {
      const body = { email: `nobody-${guesser}-${tries}@example.com`, password: 'a guess' }
      const { status, headers } = await storm[guesser % storm.length]!.request('POST', '/users/login', {
        body,
      })
      counts[status] = (counts[status] ?? 0) + 1
      if (status === 429 || status === 503) t.match(headers['retry-after'], /^\d+$/)
      t.ok(headers['ratelimit-limit'] !== undefined || status === 503)
      // Nobody who storms waits as long as he is told, but the test's own process is to leave something to others.
      if (status !== 401) await sleep(20)
    }
  }
  // More than the password threads and their queue.
  const guessers = Promise.all(Array.from({ length: 400 }, (_, guesser) => guess(guesser)))
  await sleep(500) // until the queue is full
  const stormy = await rate()
  stop.abort()
  await guessers
  t.comment(
    `orders per second: ${Math.round(calm)} calm, ${Math.round(stormy)} in the storm: ${JSON.stringify(counts)}`,
  )
  t.ok(stormy > calm / 2, `${Math.round(stormy)} of ${Math.round(calm)} orders per second`)
  t.ok((counts[503] ?? 0) + (counts[429] ?? 0) > 0, 'whoever finds the queue full is told when to come again')
  t.ok((counts[401] ?? 0) > 0, 'others get their answer')
  await shop.auditIsClean()
})
