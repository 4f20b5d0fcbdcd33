import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createLog } from '../../platform/log.ts'
import { newId } from '../../platform/new-id.ts'
import { createScope } from '../../platform/run.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { redisMissing, testRedis, type TestRedis } from '../../platform/testing/redis-server.ts'
import { busContract } from '../testing/bus-contract.ts'
import { ratesContract } from '../testing/rates-contract.ts'
import { openTogether } from './open-together.ts'

// What gateways do by a real Redis, and without it when it is away or hangs.

const log = createLog('test', 'silent')

if (redisMissing === undefined) await withRedis()
else t.test('with a real Redis', { skip: redisMissing }, async () => undefined)

async function gatewayAt(t: Test, { url }: TestRedis) {
  const scope = createScope(log, () => undefined)
  t.teardown(() => scope.close())
  return openTogether(scope, { log, nats: undefined, redisUrl: url, jwtSecret: 'a secret' })
}

async function twoAt(t: Test, server: TestRedis) {
  const [one, other] = [await gatewayAt(t, server), await gatewayAt(t, server)]
  await eventually('both are connected', async () => one.bus.isConnected() && other.bus.isConnected())
  return { one, other }
}

/** How many of these attempts are allowed, made at both at once. */
async function allowedOf({ one, other }: Awaited<ReturnType<typeof twoAt>>, key: string, max: number) {
  const begin = async ({ rates }: typeof one) => rates.exactWindows('x').begin(key, max)
  const begun = [one, other].flatMap((gateway) => Array.from({ length: 2 * max }, () => begin(gateway)))
  return (await Promise.all(begun)).filter(({ isAllowed }) => isAllowed).length
}

async function withRedis(): Promise<void> {
  const server = await testRedis(t)
  const raw = new Redis(server.url)
  t.teardown(() => raw.disconnect())

  busContract(t, async (t) => {
    const { one, other } = await twoAt(t, server)
    const sendRaw = (topic: string, text: string) => raw.publish(`tillstream:${topic}`, text)
    return { one: one.bus, other: other.bus, sendRaw }
  })

  ratesContract(t, async (t) => {
    const { one, other } = await twoAt(t, server)
    return { one: one.rates, other: other.rates }
  })

  t.test(
    'of many attempts at two gateways at once exactly as many are allowed as the limit says',
    async (t) => {
      const both = await twoAt(t, server)
      for (let round = 0; round < 10; round++) t.equal(await allowedOf(both, newId(), 10), 10)
    },
  )

  t.test('Redis keeps no key that tells of anybody, and none for longer than a minute', async (t) => {
    const { one } = await twoAt(t, server)
    await raw.flushall()
    await one.rates.exactWindows('failures').begin('ada@example.com 192.0.2.1', 3)
    const keys = await raw.keys('*')
    t.equal(keys.length, 1)
    t.match(keys[0], /^tillstream:rate:[\w-]{22}$/)
    const left = await raw.pttl(keys[0]!)
    t.ok(left > 0 && left <= 60_000)
  })

  t.test('nobody takes an attempt back from a later window', async (t) => {
    const { one } = await twoAt(t, server)
    const key = newId()
    const early = await one.rates.exactWindows('x').begin(key, 2)
    await raw.flushall() // as at the end of the window
    await one.rates.exactWindows('x').begin(key, 2)
    early.forgive()
    t.match(await one.rates.exactWindows('x').begin(key, 2), { isAllowed: true, remaining: 0 })
  })

  t.test(
    'while Redis hangs or is away, nobody waits for it for long, and each gateway counts alone',
    async (t) => {
      const own = await testRedis(t)
      const both = await twoAt(t, own)
      own.hang()
      const startedAt = performance.now()
      t.equal(await allowedOf(both, newId(), 5), 10, 'five at each')
      t.ok(performance.now() - startedAt < 5_000)
      const again = performance.now()
      t.equal(await allowedOf(both, newId(), 5), 10)
      t.ok(performance.now() - again < 200, 'it is not asked again')
      both.one.bus.tell('endings', '')
      own.goOn()
      await eventually('they count together again', async () => (await allowedOf(both, newId(), 5)) === 5)
      await own.stop()
      await eventually('it is noticed', async () => !both.one.bus.isConnected())
      t.equal(await allowedOf(both, newId(), 5), 10)
      await own.start()
      await eventually('they count together again', async () => (await allowedOf(both, newId(), 5)) === 5)
      const heard: string[] = []
      both.other.bus.hear('endings', (data) => heard.push(data))
      await eventually('and they hear each other', async () => {
        both.one.bus.tell('endings', 'x')
        return heard.length > 0
      })
    },
  )

  t.test('a gateway starts without Redis, and closes without it', async (t) => {
    const own = await testRedis(t)
    await own.stop()
    const scope = createScope(log, () => undefined)
    const { bus, rates } = await openTogether(scope, {
      log,
      nats: undefined,
      redisUrl: own.url,
      jwtSecret: 'x',
    })
    t.match(await rates.exactWindows('x').begin('k', 1), { isAllowed: true })
    t.match(await rates.exactWindows('x').begin('k', 1), { isAllowed: false })
    t.notOk(bus.isConnected())
    await scope.close()
  })
}
