import { Writable } from 'node:stream'
import { pino } from 'pino'
import t from 'tap'
import { Refusal } from '../platform/refusal.ts'
import { fakeServices, ids } from './testing/fake-services.ts'
import { testGateway } from './testing/test-gateway.ts'

t.test('one may name oneself in a list of orders', async (t) => {
  const { send, asked } = await testGateway(t)
  for (const userId of [ids.customer, ids.customer.toUpperCase()]) {
    t.equal((await send(`GET /orders?userId=${userId}`, { as: 'customer' })).statusCode, 200)
    t.match(asked.at(-1)?.request, { userId: ids.customer })
  }
  t.equal((await send(`GET /orders?userId=${ids.admin}`, { as: 'customer' })).statusCode, 403)
})

t.test('more stock than the documented maximum is invalid and no conflict', async (t) => {
  const { send, asked } = await testGateway(t)
  const stock = 1_000_000_001
  const goods = { name: 'Mug', category: 'kitchen', price: 1.5, stock }
  for (const [route, body] of [
    ['POST /products', goods],
    [`POST /products/${ids.product}/stock`, { quantity: stock, reason: 'x' }],
    [`POST /products/${ids.product}/stock`, { quantity: -stock, reason: 'x' }],
  ] as const)
    t.match((await send(route, { as: 'admin', body })).json(), { status: 400, code: 'request.invalid' })
  t.strictSame(asked, [])
})

t.test('a slash at the end changes nothing', async (t) => {
  const { send } = await testGateway(t)
  for (const path of ['/products', `/products/${ids.product}`, '/orders', '/users/me', '/livez']) {
    const [plain, slashed] = [
      await send(`GET ${path}`, { as: 'customer' }),
      await send(`GET ${path}/`, { as: 'customer' }),
    ]
    t.equal(slashed.statusCode, 200, path)
    t.strictSame(slashed.json(), plain.json())
  }
  t.match((await send('GET /nowhere/')).json(), { status: 404, code: 'request.unknown-route' })
  const wrong = await send('PUT /products/')
  t.match(wrong.json(), { status: 405 })
  t.match(wrong.headers.allow, /GET/)
})

t.test('an empty part of a path is no id', async (t) => {
  const { send } = await testGateway(t)
  for (const route of ['GET /products//', 'GET /orders//', 'POST /products//stock', 'POST /orders//cancel']) {
    const answer = await send(route, { as: 'admin', body: route.startsWith('GET') ? undefined : {} })
    t.match(answer.json(), { status: 404, code: 'request.unknown-route' }, route)
    t.notMatch(answer.body, /uuid/)
  }
})

t.test("what is one's own is stored nowhere, and neither is a refusal of it", async (t) => {
  const failing = async (): Promise<never> => {
    throw new Refusal('not-found', 'order.not-found', 'there is no such order')
  }
  const { send } = await testGateway(t, fakeServices({ orders: { cancelOrder: failing } }))
  const account = { username: 'ada', email: 'ada@example.com', password: 'correct horse' }
  for (const [route, request] of [
    ['GET /orders', { as: 'customer' }],
    [`GET /orders/${ids.order}`, { as: 'customer' }],
    ['GET /users/me', { as: 'customer' }],
    ['GET /auth/validate', { as: 'customer' }],
    ['GET /users/me', {}],
    [`POST /orders/${ids.order}/cancel`, { as: 'customer', body: {} }],
    ['POST /orders', { as: 'customer', body: {} }],
    ['POST /users/register', { body: account }],
    ['POST /users/login', { body: { email: account.email, password: 'x' } }],
    ['GET /admin/audit', { as: 'admin' }],
    ['POST /products/stock', { body: { ids: [ids.product] } }],
  ] as const)
    t.equal((await send(route, request)).headers['cache-control'], 'no-store', route)
  for (const route of ['GET /products', `GET /products/${ids.product}`])
    t.equal((await send(route)).headers['cache-control'], undefined, route)
})

t.test('only an answer over TLS asks browsers to stay there', async (t) => {
  const plain = await testGateway(t)
  const proxied = await testGateway(t, { trustProxy: ['loopback'] })
  const over = { headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' } }
  for (const route of ['GET /products', 'GET /nowhere', 'GET /docs']) {
    const hsts = async (gateway: typeof plain, request = {}) =>
      (await gateway.send(route, request)).headers['strict-transport-security']
    t.equal(await hsts(plain), undefined, route)
    t.equal(await hsts(plain, over), undefined, 'nobody is trusted to say so')
    t.equal(await hsts(proxied), undefined)
    t.match(await hsts(proxied, over), /max-age=\d+/)
  }
})

type Line = Readonly<Record<string, unknown>>

function logged() {
  const lines: Line[] = []
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Line)
      done()
    },
  })
  return { log: pino({ level: 'info' }, to), lines }
}

t.test('a failed login is logged with its address and account, and nothing secret', async (t) => {
  const logIn = async (): Promise<never> => {
    throw new Refusal('unauthenticated', 'auth.bad-credentials', 'wrong')
  }
  const { log, lines } = logged()
  const { send } = await testGateway(t, {
    ...fakeServices({ users: { logIn } }),
    log,
    trustProxy: ['loopback'],
  })
  const headers = { 'x-forwarded-for': '192.0.2.7:4000' }
  const secret = 'a secret that was typed'
  await send('POST /users/login', { headers, body: { email: 'Ada@example.com', password: secret } })
  await send('POST /users/login', { headers, body: { username: secret, password: secret } })
  t.match(lines, [
    { msg: 'login failed', address: '192.0.2.7', accountId: ids.customer, requestId: String },
    { msg: 'login failed', address: '192.0.2.7', accountId: undefined },
  ])
  t.notMatch(JSON.stringify(lines), /a secret/)
})

t.test('what staff do is logged, whether it succeeds or not, and what others do is not', async (t) => {
  const { log, lines } = logged()
  const { send } = await testGateway(t, { log })
  const goods = { name: 'A name', category: 'kitchen', price: 1.5, stock: 1 }
  await send('POST /products', { as: 'admin', body: goods })
  await send(`PATCH /orders/${ids.order}`, { as: 'admin', body: { status: 'lost' } })
  await send(`GET /users/${ids.customer}`, { as: 'admin' })
  await send('GET /admin/audit', { as: 'admin' })
  await send('POST /products', { as: 'customer', body: goods })
  await send('GET /products', { as: 'admin' })
  t.strictSame(
    lines.map(({ msg, staffId, operation, target, status }) => [msg, staffId, operation, target, status]),
    [
      ['staff acted', ids.admin, 'createProduct', undefined, 201],
      ['staff acted', ids.admin, 'changeOrderStatus', ids.order, 400],
      ['staff acted', ids.admin, 'getUser', ids.customer, 200],
      ['staff acted', ids.admin, 'runAudit', undefined, 200],
    ],
  )
  t.notMatch(JSON.stringify(lines), /A name|Bearer/)
})
