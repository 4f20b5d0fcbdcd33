// With the machine to itself: it compares rates.
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openOneProcess } from '../../internal/e2e/testing/shop.ts'
import { startLoad, statusesOf } from '../../internal/e2e/testing/load.ts'
import { eventually } from '../../internal/platform/testing/eventually.ts'
import { startAbuse } from './abuse.ts'

/** How long the rate of orders of eight buyers is measured. */
const measuredMs = 4_000

t.test('a storm of logins does not slow orders by more than half', async (t) => {
  // The cost of hashing is the real one.
  const shop = await openOneProcess(t, { BCRYPT_COST: '10', LOGIN_LIMIT_PER_MINUTE: '1000000' })
  const product = await shop.newProduct(1_000_000)
  const token = await shop.api.newCustomer()
  const rate = async (): Promise<number> => {
    const load = startLoad(shop.api, token, [product], { pauseMs: 0 })
    await sleep(measuredMs) // the time that is measured
    const attempts = await load.stop()
    t.same(Object.keys(statusesOf(attempts)), ['201'])
    return attempts.length / (measuredMs / 1_000)
  }
  await rate() // this warms up the shop
  const calm = await rate()
  // 800 logins a second are many times what the password threads can do. None waits for the one before.
  const body = JSON.stringify({ email: 'nobody-{n}@example.com', password: 'a guess' })
  const head = ['POST /users/login HTTP/1.1', 'host: x', 'content-type: application/json']
  const request = [...head, `content-length: ${body.length + 3}`, '', body].join('\r\n')
  const storm = startAbuse(t, shop.url, { connections: 400, opening: request, drip: request })
  await eventually('all are connected', () => storm().connected === 400)
  await eventually('the queue is full', () => /HTTP\/1\.1 503 .*retry-after: 1/is.test(storm().heard))
  // What else runs on the machine only makes it slower, so the better of two counts.
  const stormy = Math.max(await rate(), await rate())
  t.comment(`orders per second: ${Math.round(calm)} calm, ${Math.round(stormy)} in the storm`)
  t.ok(stormy > calm / 2, `${Math.round(stormy)} of ${Math.round(calm)} orders per second`)
  t.match(storm().heard, /"code":"overloaded"/)
  await shop.auditIsClean()
})
