import pg from 'pg'
import t, { type Test } from 'tap'
import { brokerUsers } from '../platform/broker-users.ts'
import { services } from '../services.ts'
import { testDatabase } from '../platform/testing/database.ts'
import { testNats } from '../platform/testing/nats-server.ts'
import { openApi } from './testing/api.ts'
import { spawnMain } from './testing/spawned.ts'

const known = [
  { email: 'admin@example.com', password: 'admin-password' },
  { email: 'customer@example.com', password: 'customer-password' },
] as const
const own = { email: 'me@shop.example', password: 'a password of my own #1' } as const
const ownAdmin = { ADMIN_EMAIL: own.email, ADMIN_PASSWORD: own.password }

type Env = Readonly<Record<string, string>>

/** Starts the stack on one shop, asks it, and stops it. */
async function openShop(t: Test) {
  const [{ url }, nats] = await Promise.all([testDatabase(t), testNats(t, { users: brokerUsers(services) })])
  const servers = {
    DATABASE_URL: url,
    NATS_URL: nats.url,
    PORT: '0',
    BCRYPT_COST: '4',
    DATA_DIR: t.testdir(),
  }
  return async function run(t: Test, settings: Env) {
    const stack = spawnMain(t, 'cmd/stack', { ...servers, STREAM_MAX_BYTES: '67108864', ...settings })
    const [, shopUrl = ''] = await stack.says(/^ready (\S+)/m)
    const api = openApi(t, shopUrl.replace('0.0.0.0', '127.0.0.1'))
    const statusOf = async (body: object) => (await api.request('POST', '/users/login', { body })).status
    const { body: products } = await api.request<{ data: unknown[] }>('GET', '/products')
    const admin = await api.request<{ user?: { role: string } }>('POST', '/users/login', { body: own })
    const shipping = await shippingMethodsFor(t, url)
    const answer = {
      shipping,
      known: await Promise.all(known.map(statusOf)),
      username: await statusOf({ username: 'admin', password: 'admin-password' }),
      own: admin.status,
      role: admin.body.user?.role,
      products: products.data.length,
    }
    await stack.stop()
    return { ...answer, output: stack.output() }
  }
}

async function shippingMethodsFor(t: Test, url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  t.teardown(() => client.end())
  await client.connect()
  return (await client.query('select 1 from pricing.shipping_methods')).rows.length
}

t.test('the default accounts end with an own admin, also those of an earlier start', async (t) => {
  const run = await openShop(t)
  const first = await run(t, {})
  t.match(first, { known: [200, 200], own: 401 })
  t.match(first.output, 'customer@example.com / customer-password')

  const later = await run(t, ownAdmin)
  t.match(later, { known: [401, 401], username: 401, own: 200, role: 'admin', products: 16 })
  t.notMatch(later.output, /admin-password|customer-password|of my own/)
  t.match(later.output, /a default account was locked/)

  const again = await run(t, { ...ownAdmin, HOST: '0.0.0.0', NODE_ENV: 'production' })
  t.match(again, { known: [401, 401], own: 200 })
  t.notMatch(again.output, /default account was locked/, 'once')
})

t.test('an own password alone locks the default customer, and is never printed', async (t) => {
  const run = await openShop(t)
  await run(t, {})
  const { output, ...answer } = await run(t, { ADMIN_PASSWORD: own.password })
  t.match(answer, { known: [401, 401] })
  t.notOk(output.includes(own.password))
  const back = await run(t, { ADMIN_PASSWORD: 'admin-password' })
  t.match(back, { known: [200, 401] })
  t.notMatch(
    back.output,
    /admin-password|customer-password/,
    'it was set, and nobody promises a locked account',
  )
})

t.test('seeding can be switched off', async (t) => {
  const run = await openShop(t)
  const { output, ...answer } = await run(t, { SEED_DEMO: 'false' })
  t.match(answer, { products: 0, shipping: 0, known: [200, 401] })
  t.notMatch(output, /seeding|customer-password/)
  t.match(await run(t, {}), { products: 16, shipping: 2, known: [200, 200] }, 'on by default')
  t.match(await run(t, {}), { products: 16, shipping: 2 }, 'once')
})
