import t from 'tap'
import { Refusal } from '../platform/refusal.ts'
import { apiKeysOf } from '../platform/callers/api-keys.ts'
import { apiKey, fakeServices, ids } from './testing/fake-services.ts'
import { testGateway } from './testing/test-gateway.ts'

const secret = `tsk_${'x'.repeat(43)}`
const headers = { authorization: `Bearer ${secret}` }
const found = { apiKeys: [apiKey] }

type Users = NonNullable<NonNullable<Parameters<typeof fakeServices>[0]>['users']>

/** A gateway with a user service that answers so. */
async function open(
  t: Parameters<typeof testGateway>[0],
  users: Users,
  rates: Parameters<typeof testGateway>[1] = {},
) {
  const fakes = fakeServices({ users })
  return { ...(await testGateway(t, { ...fakes, ...rates })), asked: fakes.asked }
}

t.test('a key is asked for once, however many come with it, and remembered', async (t) => {
  let asked = 0
  const keys = apiKeysOf({
    async findApiKey({ hash }) {
      asked++
      t.match(hash, /^[\w-]{43}$/)
      t.not(hash, secret.slice(4), 'the key itself stays here')
      return found
    },
  })
  t.equal(keys.recall(secret), undefined)
  await Promise.all([keys.ask(secret), keys.ask(secret)])
  t.match(keys.recall(secret), { keyId: apiKey.id, permissions: apiKey.scopes })
  t.equal(asked, 1)
})

t.test('what is no key is not asked for, and an unknown one not again', async (t) => {
  const keys = apiKeysOf({ findApiKey: async () => ({ apiKeys: [] }) })
  for (const text of ['tsk_', 'tsk_short', `${secret}x`, `tsk_${'é'.repeat(43)}`])
    t.match(keys.recall(text), { code: 'auth.key-invalid' }, text)
  t.match(await keys.ask(secret), { code: 'auth.key-invalid' })
  t.ok(keys.recall(secret) instanceof Refusal)
})

t.test('a key that has expired since it was asked for is not good', async (t) => {
  const expiresAt = new Date(Date.now() - 1).toISOString()
  const keys = apiKeysOf({ findApiKey: async () => ({ apiKeys: [{ ...apiKey, expiresAt }] }) })
  await keys.ask(secret)
  t.match(keys.recall(secret), { code: 'auth.key-invalid' })
})

t.test('a key may what it was given, and owns nothing', async (t) => {
  const { send, asked } = await open(t, { findApiKey: async () => found })
  t.equal((await send('GET /orders', { headers })).statusCode, 200)
  t.match(asked.at(-1)?.call, {
    actor: { kind: 'key', keyId: apiKey.id, permissions: apiKey.scopes },
    by: { kind: 'key', id: apiKey.id, address: '127.0.0.1' },
  })
  t.match((await send(`GET /payments/${ids.payment}`, { headers })).json(), {
    ...{ status: 403, code: 'auth.permission-missing', permission: 'payments:read' },
  })
  for (const route of ['GET /users/me', 'GET /cart', 'GET /admin/api-keys', 'POST /auth/logout-all'])
    t.match((await send(route, { headers })).json(), { status: 403, code: 'auth.key-not-allowed' }, route)
  t.equal((await send('GET /products', { headers })).statusCode, 200)
  const asGuest = await send('GET /cart', { headers: { ...headers, 'cart-token': 'x' } })
  t.match(asGuest.json(), { code: 'auth.key-not-allowed' }, 'a key beside a token is a key')
})

t.test('a key that was deleted is refused as soon as that is told', async (t) => {
  const endings = [{ sessionId: apiKey.id, userId: '', accessVersion: 0 }]
  const listEndings = async () => ({ endings, asOf: new Date().toISOString(), nextId: '' })
  const { send } = await open(t, { findApiKey: async () => found, listEndings })
  t.match((await send('GET /orders', { headers })).json(), { status: 401, code: 'auth.key-invalid' })
})

t.test('without the user service nobody can say', async (t) => {
  const findApiKey = async () => {
    throw new Refusal('unavailable', 'service.unavailable', 'away')
  }
  const { send } = await open(t, { findApiKey })
  t.match((await send('GET /orders', { headers })).json(), { status: 503, code: 'auth.unverifiable' })
  t.equal((await send('GET /products', { headers })).statusCode, 200, 'what needs no key goes on')
})

t.test('keys have a rate of their own', async (t) => {
  const rates = { apiKeyRequestsPerMinute: 2, rateLimitPerMinute: 1 }
  const { send } = await open(t, { findApiKey: async () => found }, rates)
  for (const status of [200, 200, 429]) t.equal((await send('GET /orders', { headers })).statusCode, status)
  t.equal((await send('GET /orders', { as: 'customer' })).statusCode, 200, 'others go on')
})

t.test('the key is in the first answer only', async (t) => {
  const body = { name: 'ERP', scopes: ['orders:read'] }
  const first = await testGateway(t)
  t.match((await first.send('POST /admin/api-keys', { as: 'admin', body })).json(), { key: 'tsk_once' })
  const createApiKey = async () => ({ apiKey, secret: '', replayed: true })
  const again = await open(t, { createApiKey })
  const answer = await again.send('POST /admin/api-keys', { as: 'admin', body })
  t.notOk('key' in answer.json<object>())
  t.equal(answer.headers['idempotent-replayed'], 'true')
})
