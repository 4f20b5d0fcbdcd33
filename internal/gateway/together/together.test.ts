// In a process of its own: one test stops the clock, so that no kept answer grows old.
import t, { type Test } from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { fakeBuses } from '../testing/fake-bus.ts'
import { fakeServices, product, session } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'
import type { AppOptions } from '../app.ts'
import { togetherBy } from './open-together.ts'

/** Two gateways in front of the same services. */
async function twoGateways(t: Test, options: Partial<AppOptions>) {
  const { open } = fakeBuses()
  const opened = () => testGateway(t, { ...options, together: togetherBy(open(), 'a secret') })
  return { one: await opened(), other: await opened() }
}

t.test('what ends a session at one gateway has the other one ask, though nobody calls there', async (t) => {
  const ended: string[] = []
  let asked = 0
  const services = fakeServices({
    users: {
      endSession: async ({ id }: { readonly id: string }) => (ended.push(id), {}),
      async listEndings() {
        asked++
        const endings = ended.map((sessionId) => ({ sessionId, userId: '', accessVersion: 0 }))
        return { endings, asOf: '2026-11-29T00:00:00Z', nextId: '' }
      },
    },
  })
  const { one, other } = await twoGateways(t, services)
  t.equal((await other.send('GET /users/me', { as: 'customer' })).statusCode, 200)
  t.equal((await one.send('POST /auth/logout', { as: 'customer' })).statusCode, 204)
  t.same(ended, [session.id])
  const before = asked
  await eventually('the other one has asked', () => asked > before)
  const refused = await other.send('GET /users/me', { as: 'customer' })
  t.match(refused.json(), { status: 401, code: 'auth.session-revoked' })
})

t.test('failed logins at one gateway count at the other', async (t) => {
  const logIn = async (): Promise<never> => {
    throw new Refusal('unauthenticated', 'auth.bad-credentials', 'the login or the password is wrong')
  }
  const options = { ...fakeServices({ users: { logIn } }), loginFailuresPerMinute: 2 }
  const { one, other } = await twoGateways(t, options)
  const body = { email: 'ada@example.com', password: 'guess' }
  const guess = async ({ send }: typeof one) => (await send('POST /users/login', { body })).statusCode
  t.same([await guess(one), await guess(one), await guess(one)], [401, 401, 429])
  await eventually('it is refused there too', async () => (await guess(other)) === 429)
})

t.test('requests at one gateway count at the other', async (t) => {
  const { one, other } = await twoGateways(t, { rateLimitPerMinute: 50 })
  const ask = async ({ send }: typeof one) => (await send('GET /products')).headers['ratelimit-remaining']
  for (let count = 0; count < 20; count++) await ask(one)
  await eventually('they are known there', async () => Number(await ask(other)) < 30)
})

t.test('a product that is changed at one gateway is not shown as it was by the other', async (t) => {
  const shelf = { stock: 7 }
  const services = fakeServices({
    inventory: {
      getProduct: async () => ({ product: { ...product, ...shelf } }),
      updateProduct: async () => ({ product }),
    },
  })
  const { one, other } = await twoGateways(t, services)
  const now = performance.now.bind(performance)
  t.teardown(() => (performance.now = now))
  performance.now = () => 0
  const stock = async () => (await other.send(`GET /products/${product.id}`)).json<{ stock: number }>().stock
  t.equal(await stock(), 7)
  shelf.stock = 5
  t.equal(await stock(), 7, 'nobody has told')
  const body = { name: 'Cup' }
  t.equal((await one.send(`PATCH /products/${product.id}`, { as: 'admin', body })).statusCode, 200)
  await eventually('the new stock is shown', async () => (await stock()) === 5)
})
