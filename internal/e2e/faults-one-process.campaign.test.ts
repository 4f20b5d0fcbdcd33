import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openApi } from './testing/api.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { accepted, attempt, startLoad, statusesOf, type Attempt } from './testing/load.ts'
import { openOneProcess, type Shop } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

const manyUnits = 100_000

async function openLoadedShop(t: Test) {
  const shop = await openOneProcess(t)
  const products = await Promise.all(Array.from({ length: 5 }, () => shop.newProduct(manyUnits)))
  const token = await shop.api.newCustomer()
  return { shop, products, token }
}

/** Checks that every order was answered with 201, exists, and was confirmed. */
async function nothingIsLost(
  t: Test,
  shop: Shop,
  token: string,
  attempts: readonly Attempt[],
): Promise<void> {
  t.same(Object.keys(statusesOf(attempts)), ['201'])
  for (const { id } of accepted(attempts)) {
    const { status } = await shop.settled(id, token)
    if (status !== 'confirmed') t.fail(`order ${id} is ${status}`)
  }
  await shop.auditIsClean()
}

t.test('nats-server is down for ten seconds: orders are accepted meanwhile and settled after', async (t) => {
  const { shop, products, token } = await openLoadedShop(t)
  const load = startLoad(shop.api, token, products)
  await eventually('some orders', async () => load.attempts.length > 50)
  await shop.nats.kill()
  const before = load.attempts.length
  await sleep(10_000) // how long the fault lasts
  t.ok(load.attempts.length > before + 50, 'orders went on')
  await shop.nats.start()
  const after = load.attempts.length
  await eventually('more orders', async () => load.attempts.length > after + 50)
  await nothingIsLost(t, shop, token, await load.stop())
})

t.test(
  "the broker's store is wiped under load: every order is settled and every event is published again",
  async (t) => {
    const { shop, products, token } = await openLoadedShop(t)
    const load = startLoad(shop.api, token, products)
    for (let wipes = 0; wipes < 2; wipes++) {
      const before = load.attempts.length
      await eventually('some orders', async () => load.attempts.length > before + 100)
      await shop.nats.kill()
      await shop.nats.wipe()
      await shop.nats.start()
    }
    const before = load.attempts.length
    await eventually('more orders', async () => load.attempts.length > before + 100)
    await nothingIsLost(t, shop, token, await load.stop())
  },
)

t.test(
  'kill -9 under load: what was answered is there, and a repeated request is the same order',
  async (t) => {
    const { shop, products, token } = await openLoadedShop(t)
    const load = startLoad(shop.api, token, products)
    await eventually('some orders', async () => load.attempts.length > 200)
    const [stack] = shop.processes.get('stack') ?? []
    stack?.signal('SIGKILL')
    t.equal(await stack?.ended, 'SIGKILL')
    const attempts = await load.stop()

    const again = spawnMain(t, 'cmd/stack', shop.env)
    const [, url = ''] = await again.says(/^ready (\S+)/m)
    const api = openApi(t, url)
    const answered = new Map(attempts.map(({ key, answer }) => [key, answer?.body.id]))
    for (const [key, id] of answered) {
      const product = products[Number(key.slice('load-'.length)) % products.length]
      const { answer } = await attempt(api, token, key, product?.id ?? '')
      if (answer?.status !== 201) t.fail(`${key}: ${answer?.status}`)
      if (id !== undefined && answer?.body.id !== id) t.fail(`${key} is another order now`)
    }
    const restarted = { ...shop, api }
    await eventually('nothing is pending', async () => {
      const { body } = await api.request<{ data: unknown[] }>('GET', '/orders?status=pending&limit=1', {
        token,
      })
      return body.data.length === 0
    })
    const { body } = await api.request<{ ok: boolean }>('GET', '/admin/audit', {
      token: restarted.adminToken,
    })
    t.equal(body.ok, true, JSON.stringify(body))
  },
)
