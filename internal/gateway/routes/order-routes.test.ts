import t from 'tap'
import { Refusal, type RefusalKind } from '../../platform/refusal.ts'
import { account, fakeServices, ids, order } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const body = { items: [{ productId: ids.product, quantity: 2 }] }
const shown = {
  id: ids.order,
  userId: ids.customer,
  status: 'pending',
  items: [
    { lineId: ids.line, productId: ids.product, sku: 'MUG-1', name: 'Mug', quantity: 2, unitPrice: 999.99 },
  ],
  paymentStatus: 'unpaid',
  fulfilmentStatus: 'none',
  returnStatus: 'none',
  ...{ shipping: 0, discount: 0, tax: 0, taxLines: [], promotions: [] },
  total: 1_999.98,
  currency: 'USD',
  createdAt: order.createdAt,
  updatedAt: order.updatedAt,
  history: [{ status: 'pending', at: order.createdAt }],
}

t.test('placing an order answers with it and where it is', async (t) => {
  const { send, asked } = await testGateway(t)
  const answer = await send('POST /orders', { as: 'customer', body, headers: { 'idempotency-key': 'k-1' } })
  t.equal(answer.statusCode, 201)
  t.equal(answer.headers.location, `/orders/${ids.order}`)
  t.equal(answer.headers['idempotent-replayed'], undefined)
  t.strictSame(answer.json(), shown)
  t.strictSame(asked[0]?.request, { ...body, idempotencyKey: 'k-1' })
})

t.test('an order that was there already looks the same, and says so', async (t) => {
  const placeOrder = async () => ({ order, replayed: true })
  const { send } = await testGateway(t, fakeServices({ orders: { placeOrder } }))
  const answer = await send('POST /orders', { as: 'customer', body })
  t.equal(answer.statusCode, 201)
  t.equal(answer.headers['idempotent-replayed'], 'true')
  t.strictSame(answer.json(), shown)
})

t.test('a reason is shown where there is one', async (t) => {
  const history = [{ status: 'canceled', at: order.createdAt, reason: 'changed my mind' }]
  const getOrder = async () => ({ order: { ...order, status: 'canceled', history } })
  const { send } = await testGateway(t, fakeServices({ orders: { getOrder } }))
  t.match((await send(`GET /orders/${ids.order}`, { as: 'customer' })).json(), { history })
})

const refusals: readonly (readonly [RefusalKind, code: string, status: number])[] = [
  ['conflict', 'order.out-of-stock', 409],
  ['conflict', 'order.idempotency-key-reused', 422],
  ['invalid', 'order.unknown-product', 400],
  ['not-found', 'order.not-found', 404],
  ['forbidden', 'auth.forbidden', 403],
  ['unavailable', 'service.unavailable', 503],
]

for (const [kind, code, status] of refusals) {
  t.test(`${kind} ${code} is ${status}, with its details`, async (t) => {
    const placeOrder = async (): Promise<never> => {
      throw new Refusal(kind, code, 'no', { products: [ids.product], status: 'not the HTTP one' })
    }
    const { send } = await testGateway(t, fakeServices({ orders: { placeOrder } }))
    const answer = await send('POST /orders', { as: 'customer', body })
    t.equal(answer.statusCode, status)
    t.match(answer.json(), { status, code, detail: 'no', products: [ids.product] })
    t.equal(answer.headers['retry-after'], status === 503 ? '1' : undefined)
  })
}

for (const [what, err] of [
  ['a bug', new TypeError('x is not a function')],
  ['a bug in a service of its own process', new Refusal('internal', 'internal', 'secret words')],
] as const) {
  t.test(`${what} tells nothing`, async (t) => {
    const fail = async (): Promise<never> => Promise.reject(err)
    const { send } = await testGateway(t, fakeServices({ orders: { placeOrder: fail } }))
    const answer = await send('POST /orders', { as: 'customer', body })
    t.match(answer.json(), { status: 500, code: 'internal', detail: 'internal error' })
    t.notMatch(answer.body, /secret|function/)
  })
}

t.test('a database that is away is an outage', async (t) => {
  const fail = async (): Promise<never> =>
    Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
  const { send } = await testGateway(t, fakeServices({ orders: { placeOrder: fail } }))
  const answer = await send('POST /orders', { as: 'customer', body })
  t.match(answer.json(), { status: 503, code: 'database.unavailable' })
  t.equal(answer.headers['retry-after'], '1')
})

t.test('customers list their own orders, admins all or anybody’s', async (t) => {
  const { send, asked } = await testGateway(t)
  await send('GET /orders?status=pending', { as: 'customer' })
  t.match(asked.at(-1)?.request, { userId: ids.customer, status: 'pending', limit: 20 })
  await send('GET /orders', { as: 'admin' })
  t.match(asked.at(-1)?.request, { userId: undefined })
  await send(`GET /orders?userId=${ids.customer.toUpperCase()}`, { as: 'admin' })
  t.match(asked.at(-1)?.request, { userId: ids.customer })
  const answer = await send(`GET /orders?userId=${ids.admin}`, { as: 'customer' })
  t.match(answer.json(), { status: 403, code: 'auth.forbidden' })
})

t.test('orders are listed by the end of their hold, with a cursor of their own', async (t) => {
  const { send, asked } = await testGateway(t)
  const path = 'GET /orders?holdEndsBefore=2026-12-01T08:00:00Z'
  const { nextCursor } = (await send(path, { as: 'admin' })).json<{ nextCursor: string }>()
  t.match(asked.at(-1)?.request, { holdEndsBefore: '2026-12-01T08:00:00Z' })
  t.equal((await send(`${path}&cursor=${nextCursor}`, { as: 'admin' })).statusCode, 200)
  t.match((await send(`GET /orders?cursor=${nextCursor}`, { as: 'admin' })).json(), {
    code: 'cursor.invalid',
  })
  t.match((await send('GET /orders?holdEndsBefore=soon', { as: 'admin' })).json(), { status: 400 })
})

t.test('a cursor is good for its list and its caller only', async (t) => {
  const { send, asked } = await testGateway(t)
  const first = await send('GET /orders', { as: 'customer' })
  const cursor = first.json<{ nextCursor: string }>().nextCursor
  await send(`GET /orders?cursor=${cursor}`, { as: 'customer' })
  t.match(asked.at(-1)?.request, { afterId: ids.order })
  t.match((await send(`GET /orders?cursor=${cursor}`, { as: 'admin' })).json(), { code: 'cursor.invalid' })
  const other = await send(`GET /orders?status=paid&cursor=${cursor}`, { as: 'customer' })
  t.match(other.json(), { status: 400, code: 'cursor.invalid' })
})

t.test('canceling needs no reason, and no body', async (t) => {
  const { send, asked } = await testGateway(t)
  const route = `POST /orders/${ids.order}/cancel`
  t.match((await send(route, { as: 'customer' })).json(), { status: 'canceled' })
  await send(route, { as: 'customer', headers: { 'content-type': 'application/json' } })
  await send(route, { as: 'customer', body: {} })
  await send(route, { as: 'customer', body: { reason: 'late' } })
  t.strictSame(
    asked.map(({ request }) => request),
    ['', '', '', 'late'].map((reason) => ({ id: ids.order, reason, refund: undefined })),
  )
})

t.test('admins move an order on', async (t) => {
  const { send, asked } = await testGateway(t)
  const body = { status: 'paid', reference: 'bank-1' }
  const answer = await send(`PATCH /orders/${ids.order}`, { as: 'admin', body })
  t.match(answer.json(), { status: 'paid' })
  t.strictSame(asked[0]?.request, { id: ids.order, reason: '', ...body })
  await send(`PATCH /orders/${ids.order}`, { as: 'admin', body: { status: 'shipped' } })
  t.match(asked[1]?.request, { status: 'shipped', reference: '' })
})

t.test('an order that is settled while one waits is answered settled', async (t) => {
  let reads = 0
  const getOrder = async () => ({ order: ++reads < 3 ? order : { ...order, status: 'confirmed' } })
  const { send } = await testGateway(t, fakeServices({ orders: { getOrder } }))
  const answer = await send('POST /orders', { as: 'customer', body, headers: { prefer: 'wait=10' } })
  t.equal(answer.statusCode, 201)
  t.equal(answer.headers['preference-applied'], 'wait')
  t.match(answer.json(), { status: 'confirmed' })
})

t.test('an order that is not settled in time is answered as it is', async (t) => {
  const { send } = await testGateway(t)
  const answer = await send('POST /orders', { as: 'customer', body, headers: { prefer: 'wait=0' } })
  t.equal(answer.statusCode, 201)
  t.match(answer.json(), { status: 'pending' })
})

t.test('orders of guests are taken over by whose address a mail has shown, and by nobody else', async (t) => {
  const known = { ...account, email: 'ada@example.com' }
  const claimed: unknown[] = []
  const claimOrders = async (request: unknown) => {
    claimed.push(request)
    return { claimed: 2 }
  }
  const gateway = (emailVerified: boolean) => {
    const getUser = async () => ({ user: { ...known, emailVerified } })
    return testGateway(t, fakeServices({ users: { getUser }, orders: { claimOrders } }))
  }
  const other = await gateway(false)
  const refused = await other.send('POST /orders/claim', { as: 'customer' })
  t.match([refused.statusCode, refused.json()], [409, { code: 'user.email-unverified' }])
  t.strictSame(claimed, [])
  const verified = await gateway(true)
  const answer = await verified.send('POST /orders/claim', { as: 'customer' })
  t.strictSame([answer.statusCode, answer.json()], [200, { claimed: 2 }])
  t.match(claimed, [{ email: 'ada@example.com' }])
})
