import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { accepted, attempt, startLoad, statusesOf, type Attempt } from './testing/load.ts'
import { openManyProcesses } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

const shop = await openManyProcesses(t)
const products = await Promise.all(Array.from({ length: 5 }, () => shop.newProduct(100_000)))
const token = await shop.api.newCustomer()

/** The attempt was told to come back later, or got no answer at all. */
const isRefusedForNow = ({ answer }: Attempt): boolean =>
  answer?.status === 503 && Number(answer.headers['retry-after']) > 0

t.test('a replica of order and one of consumer end in the middle of 500 requests', async (t) => {
  const requests = Array.from({ length: 500 }, async (_, index) => {
    await sleep(index * 4)
    if (index === 200) shop.processes.get('order')?.[0]?.signal('SIGTERM')
    if (index === 250) shop.processes.get('consumer')?.[0]?.signal('SIGTERM')
    return attempt(shop.api, token, `rolling-${index}`, products[index % products.length]?.id ?? '')
  })
  const attempts = await Promise.all(requests)
  t.same(
    attempts.filter((each) => each.answer?.status !== 201 && !isRefusedForNow(each)),
    [],
  )
  t.ok(accepted(attempts).length > 450, JSON.stringify(statusesOf(attempts)))
  t.equal(await shop.processes.get('order')?.[0]?.ended, 0)
  t.equal(await shop.processes.get('consumer')?.[0]?.ended, 0)
  await shop.auditIsClean()
})

t.test('nats-server is down for ten seconds: 503 with Retry-After, and nothing half done', async (t) => {
  const load = startLoad(shop.api, token, products, { buyers: 4, pauseMs: 50 })
  await eventually('some orders', async () => accepted(load.attempts).length > 20)
  await shop.nats.kill()
  await sleep(10_000) // how long the fault lasts
  await shop.nats.start()
  const before = accepted(load.attempts).length
  await eventually('orders again', async () => accepted(load.attempts).length > before + 20)
  const attempts = await load.stop()
  t.same(
    attempts.filter((each) => each.answer?.status !== 201 && !isRefusedForNow(each)),
    [],
  )
  t.ok(attempts.some(isRefusedForNow))
  await shop.auditIsClean()
  const confirmed = new Set<string>()
  for (const { id } of accepted(attempts)) confirmed.add((await shop.settled(id, token)).status)
  t.same([...confirmed], ['confirmed'])
})

t.test('producer and consumer die by kill -9 under load and are started again', async (t) => {
  const load = startLoad(shop.api, token, products)
  await eventually('some orders', async () => accepted(load.attempts).length > 50)
  for (const name of ['producer', 'consumer']) {
    const victims = shop.processes.get(name) ?? []
    for (const victim of victims) victim.signal('SIGKILL')
    const before = accepted(load.attempts).length
    await eventually(
      'orders are accepted all the same',
      async () => accepted(load.attempts).length > before + 100,
    )
    await spawnMain(t, `cmd/${name}`, shop.env).says(/"msg":"started"/)
  }
  const attempts = await load.stop()
  t.same(Object.keys(statusesOf(attempts)), ['201'])
  await shop.auditIsClean()
})
