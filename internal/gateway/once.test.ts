import { readFile } from 'node:fs/promises'
import t from 'tap'
import { fakeServices, ids } from './testing/fake-services.ts'
import { endpointTable, testGateway, type Request } from './testing/test-gateway.ts'

/** docs/adr/0057-which-requests-take-no-key.md says why. */
const exempt = [
  ...['/users/login', '/auth/token', '/auth/refresh', '/auth/logout', '/auth/logout-all'],
  // A link is good once, and mails are limited by how many a person gets.
  ...['/auth/password-reset', '/auth/password-reset/confirm', '/auth/email-verification/confirm'],
  // What is shown once is not shown again, and who asks again gets another secret.
  ...['/users/me/second-factor', '/users/me/second-factor/confirm'],
  ...['/products/stock', '/webhooks/:provider', '/graphql'],
  ...['/notifications/:id/read', '/notifications/unsubscribe'],
  // Whose they are they stay.
  '/orders/claim',
  // Rows are known by their SKUs.
  '/admin/products/import',
]

t.test('every POST that changes something takes an Idempotency-Key', async (t) => {
  const posts = endpointTable().filter(({ method }) => method === 'POST')
  t.ok(posts.length > exempt.length)
  for (const { path, takesIdempotencyKey } of posts)
    t.equal(takesIdempotencyKey ?? false, !exempt.includes(path), path)
  const record = await readFile('docs/adr/0057-which-requests-take-no-key.md', 'utf8')
  for (const path of exempt) t.ok(record.includes(`\`${path}\``), `${path} has its reason`)
})

const key = { 'idempotency-key': 'delivery-1' }
const booking = { quantity: 3, reason: 'delivery' }
const route = `POST /products/${ids.product}/stock`

/** What the service is told of each of these requests. */
async function told(t: Parameters<typeof testGateway>[0], requests: readonly (readonly [string, Request])[]) {
  const { send, asked } = await testGateway(t)
  for (const [to, request] of requests) t.match(String((await send(to, request)).statusCode), /^2/)
  return asked.map(({ call }) => call.once)
}

t.test(
  'a request is the same when caller, route, key and body are, however the body is written',
  async (t) => {
    const [first, same, bare] = await told(t, [
      [route, { as: 'admin', headers: key, body: booking }],
      [
        route.replace(ids.product, ids.product.toUpperCase()),
        { as: 'admin', headers: key, body: '{ "reason": "delivery", "quantity": 3 }' },
      ],
      [route, { as: 'admin', body: booking }],
    ])
    t.match(first, { key: /^[\w-]{43}$/, fingerprint: /^[\w-]{43}$/ })
    t.same(same, first)
    t.equal(bare, undefined)
  },
)

t.test(
  'another route, key or address is another request; another body is another one under the same key',
  async (t) => {
    const other = '019b0000-0000-7000-8000-0000000000ff'
    const [first, elsewhere, otherKey, otherBody] = await told(t, [
      [route, { as: 'admin', headers: key, body: booking }],
      [`POST /products/${other}/stock`, { as: 'admin', headers: key, body: booking }],
      [route, { as: 'admin', headers: { 'idempotency-key': 'delivery-2' }, body: booking }],
      [route, { as: 'admin', headers: key, body: { ...booking, reason: 'count' } }],
    ])
    t.not(elsewhere?.key, first?.key)
    t.not(otherKey?.key, first?.key)
    t.equal(otherBody?.key, first?.key)
    t.not(otherBody?.fingerprint, first?.fingerprint)
  },
)

t.test('the same key of another caller is another key', async (t) => {
  const cancel = `POST /orders/${ids.order}/cancel`
  const [mine, theirs] = await told(t, [
    [cancel, { as: 'customer', headers: key }],
    [cancel, { as: 'admin', headers: key }],
  ])
  t.not(mine?.key, theirs?.key)
  t.equal(mine?.fingerprint, theirs?.fingerprint)
})

t.test('an answer to a repetition says so', async (t) => {
  const { users, inventory, orders, pricing, consumer } = fakeServices()
  const again =
    <Request, Reply extends { replayed: boolean }>(
      method: (request: Request, call: never) => Promise<Reply>,
    ) =>
    async (request: Request, call: never) => ({ ...(await method(request, call)), replayed: true })
  const { send } = await testGateway(t, {
    users: { ...users, registerUser: again(users.registerUser as never) },
    inventory: {
      ...inventory,
      createProduct: again(inventory.createProduct as never),
      createCategory: again(inventory.createCategory as never),
      createFamily: again(inventory.createFamily as never),
    },
    orders: { ...orders, cancelOrder: again(orders.cancelOrder as never) },
    pricing: {
      ...pricing,
      createShippingMethod: again(pricing.createShippingMethod as never),
      createTaxRate: again(pricing.createTaxRate as never),
      createPromotion: again(pricing.createPromotion as never),
    },
    consumer: {
      ...consumer,
      requeueDeadLetter: again(consumer.requeueDeadLetter as never),
      discardDeadLetter: again(consumer.discardDeadLetter as never),
    },
  } as never)
  const account = { username: 'ada', email: 'ada@example.com', password: 'correct horse battery' }
  for (const [to, body] of [
    ['POST /users/register', account],
    ['POST /products', { name: 'Mug', price: 3, category: 'Kitchen', stock: 1 }],
    ['POST /categories', { name: 'Kitchen' }],
    ['POST /families', { name: 'Shirt', options: ['size'] }],
    [`POST /orders/${ids.order}/cancel`, {}],
    ['POST /admin/shipping-methods', { name: 'Standard', price: 3 }],
    ['POST /admin/tax-rates', { country: 'DE', percent: 19 }],
    ['POST /admin/promotions', { kind: 'free-shipping' }],
    [`POST /admin/dead-letters/${ids.letter}/requeue`, undefined],
    [`POST /admin/dead-letters/${ids.letter}/discard`, { reason: 'no use' }],
  ] as const) {
    const { statusCode, headers } = await send(to, { as: 'admin', headers: key, body })
    t.match(String(statusCode), /^20/, to)
    t.equal(headers['idempotent-replayed'], 'true', to)
  }
})

t.test('an order is recognised by its own key, so nothing is digested for it', async (t) => {
  const body = { items: [{ productId: ids.product, quantity: 1 }] }
  t.same(await told(t, [['POST /orders', { as: 'customer', headers: key, body }]]), [undefined])
})
