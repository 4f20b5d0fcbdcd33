import t, { type Test } from 'tap'
import { redisMissing, testRedis, type TestRedis } from '../platform/testing/redis-server.ts'
import { eventually } from '../platform/testing/eventually.ts'
import type { Api } from './testing/api.ts'
import { newPerson, refusedAfter, sessionsSuite, statusWith } from './testing/sessions-suite.ts'
import { openSecondGateway } from './testing/second-gateway.ts'
import { openManyProcesses } from './testing/shop.ts'

// A shop of many processes whose two gateways count and forget together by a real Redis, and what is left of it when the
// Redis is killed or hangs.

const failuresPerMinute = 10

t.test('a shop with a Redis', { skip: redisMissing ?? false }, async (t) => {
  const redis = await testRedis(t)
  const settings = { REDIS_URL: redis.url, LOGIN_FAILURES_PER_MINUTE: String(failuresPerMinute) }
  const shop = await openManyProcesses(t, settings)
  const gateways = [shop.api, (await openSecondGateway(t, shop)).api] as const
  sessionsSuite(t, gateways, shop.adminToken)
  countTests(t, gateways, redis)
  outageTests(t, gateways, redis)
})

/** How many of three times as many wrong logins as are allowed were tried, made at all gateways at once. */
async function triedFailures(gateways: readonly Api[], email: string): Promise<number> {
  const body = { email, password: 'a-wrong-password' }
  const statuses: number[] = []
  for (let round = 0; round < (3 * failuresPerMinute) / gateways.length; round++) {
    const answers = await Promise.all(gateways.map((api) => api.request('POST', '/users/login', { body })))
    statuses.push(...answers.map(({ status }) => status))
  }
  const tried = statuses.filter((status) => status === 401).length
  if (statuses.some((status) => status !== 401 && status !== 429))
    throw new Error(`neither tried nor refused: ${statuses.join(' ')}`)
  return tried
}

function countTests(t: Test, gateways: readonly [Api, Api], redis: TestRedis): void {
  t.test(
    'wrong logins at both gateways are counted exactly, also by a gateway that was cut off',
    async (t) => {
      const { email } = await newPerson(gateways[0])
      t.equal(await triedFailures(gateways, email), failuresPerMinute)
      await redis.stop()
      const later = await newPerson(gateways[0])
      const alone = await triedFailures(gateways, later.email)
      t.ok(alone >= failuresPerMinute && alone <= 2 * failuresPerMinute, `each counts for itself: ${alone}`)
      await redis.start()
      await eventually('they count together again', async () => {
        const { email: next } = await newPerson(gateways[1])
        return (await triedFailures(gateways, next)) === failuresPerMinute
      })
    },
  )
}

function outageTests(t: Test, gateways: readonly [Api, Api], redis: TestRedis): void {
  const outages = {
    'is away': { begin: async () => redis.stop(), end: async () => redis.start() },
    hangs: { begin: async () => redis.hang(), end: async () => redis.goOn() },
  }
  for (const [name, { begin, end }] of Object.entries(outages))
    t.test(`while it ${name}, people log in, shop and leave as ever`, async (t) => {
      const [here, there] = gateways
      const person = await newPerson(here)
      const { body: stays } = await person.logIn()
      await begin()
      try {
        const { status, body: leaves } = await person.logIn(there)
        t.equal(status, 200)
        t.equal(await statusWith(there, stays), 200)
        t.equal((await there.request('GET', '/products')).status, 200)
        t.equal((await here.request('GET', '/cart', { token: stays.accessToken })).status, 200)
        const left = await here.request('POST', '/auth/logout', { token: leaves.accessToken })
        t.equal(left.status, 204)
        t.ok((await refusedAfter(gateways, leaves)) < 1_000)
      } finally {
        await end()
      }
    })
}
