import t from 'tap'
import { cartTokens } from '../guest-tokens.ts'
import { cart, fakeServices, ids } from '../testing/fake-services.ts'
import { jwtSecret, testGateway } from '../testing/test-gateway.ts'

const tokens = cartTokens([jwtSecret])
const token = tokens.issue(ids.cart)
const shows = { 'cart-token': token }
const item = { productId: ids.product, quantity: 2 }
const account = { username: 'ada', email: 'ada@example.com', password: 'correct horse battery' }

t.test('a cart is shown with decimals, and says active as long as it can be changed', async (t) => {
  const { send } = await testGateway(t)
  const answer = await send('GET /cart', { as: 'customer' })
  t.equal(answer.headers['cache-control'], 'no-store')
  t.equal(answer.headers.etag, '"3"')
  t.strictSame(answer.json(), {
    ...{ id: ids.cart, version: 3, status: 'active', currency: 'USD' },
    items: [
      {
        ...{
          lineId: ids.cartLine,
          productId: ids.product,
          sku: 'MUG-1',
          name: 'Mug',
          image: 'https://example.com/mug.png',
        },
        ...{ quantity: 2, unitPrice: 999.99, lineTotal: 1999.98, available: 1 },
        ...{ attributes: { engraving: 'Ada' }, warnings: ['short'] },
      },
    ],
    promotions: [{ code: 'TEN', description: 'ten off', amount: 10 }],
    delivery: {
      address: {
        name: 'Ada',
        line1: '12 St James Square',
        city: 'London',
        postalCode: 'SW1Y 4JH',
        country: 'GB',
      },
      shippingMethod: 'post',
    },
    totals: { items: 1999.98, discount: 10, shipping: 5, tax: 0, total: 1994.98 },
  })
})

t.test('whoever asks is known as a user, as a guest, or as nobody', async (t) => {
  const { send, asked } = await testGateway(t)
  const actorOf = async (request: Parameters<typeof send>[1]) => {
    t.equal((await send('GET /cart', request)).statusCode, 200)
    return asked.at(-1)?.call.actor
  }
  t.strictSame(await actorOf({}), undefined)
  t.strictSame(await actorOf({ headers: shows }), { kind: 'guest', cartId: ids.cart })
  t.match(await actorOf({ as: 'customer' }), { kind: 'user', userId: ids.customer })
  t.match(await actorOf({ as: 'customer', headers: shows }), { kind: 'user' }, 'a login comes first')
  t.match(await actorOf({ as: 'customer', headers: { 'cart-token': 'x' } }), { kind: 'user' })
})

t.test('a token is good for its cart only, and for nothing else', async (t) => {
  const { send } = await testGateway(t)
  const [id = '', mac = ''] = token.split('.')
  const other = tokens.issue(ids.order)
  const last = mac.endsWith('A') ? 'B' : 'A'
  const wrong = [
    ...[
      'x',
      '.',
      `${id}.`,
      id,
      `${id}.${mac}x`,
      `${id}.${mac.slice(0, -1)}`,
      `${id}.${mac.slice(0, -1)}${last}`,
    ],
    ...[
      `${id}.${other.split('.')[1] ?? ''}`,
      `${id.toUpperCase()}.${mac}`,
      ` ${id}.${mac}.`,
      `${ids.order}.${mac}`,
    ],
    cartTokens([`${jwtSecret}!`]).issue(ids.cart),
  ]
  for (const each of wrong) {
    const answer = await send('GET /cart', { headers: { 'cart-token': each } })
    t.match(answer.json(), { status: 401, code: 'cart.token-invalid' }, each)
    t.ok(answer.headers['www-authenticate'])
  }
  t.match((await send('GET /orders', { headers: shows })).json(), { status: 401, code: 'auth.required' })
  const expired = { headers: { authorization: 'Bearer nonsense', ...shows } }
  t.match((await send('GET /cart', expired)).json(), { status: 401, code: 'auth.token-invalid' })
})

t.test('only the answer that makes a cart has its token, which other pages may read', async (t) => {
  let newGuest = true
  const { carts, ...rest } = fakeServices({
    carts: { addItem: async () => ({ cart, replayed: false, newGuest }) },
  })
  const { send } = await testGateway(t, { ...rest, carts, corsOrigins: ['https://shop.example'] })
  const origin = { origin: 'https://shop.example' }
  const first = await send('POST /cart/items', { body: item, headers: origin })
  t.match(first.json(), { token })
  t.equal(first.headers['cart-token'], token)
  t.match(first.headers['access-control-expose-headers'], 'cart-token')
  newGuest = false
  const second = await send('POST /cart/items', { body: item, headers: shows })
  t.notOk('token' in second.json<object>())
  t.notOk(second.headers['cart-token'])
  const preflight = await send('OPTIONS /cart/delivery', {
    headers: {
      ...origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'cart-token',
    },
  })
  t.match(preflight.headers['access-control-allow-methods'], 'PUT')
  t.match(preflight.headers['access-control-allow-headers'], 'cart-token')
})

t.test('an Idempotency-Key belongs to the cart, and without one to the address', async (t) => {
  const { send, asked } = await testGateway(t)
  const keyOf = async (headers: Readonly<Record<string, string>>) => {
    await send('POST /cart/items', { body: item, headers: { 'idempotency-key': 'k', ...headers } })
    return asked.at(-1)?.call.once?.key
  }
  const [mine, again, theirs, nobodys, nobodysAgain] = [
    await keyOf(shows),
    await keyOf(shows),
    await keyOf({ 'cart-token': tokens.issue(ids.order) }),
    await keyOf({}),
    await keyOf({}),
  ]
  t.equal(again, mine)
  t.equal(nobodysAgain, nobodys)
  t.equal(new Set([mine, theirs, nobodys]).size, 3)
})

t.test('a change may say which version it has seen', async (t) => {
  const { send, asked } = await testGateway(t)
  await send('DELETE /cart', { as: 'customer', headers: { 'if-match': '"7"' } })
  t.match(asked.at(-1)?.request, { expectedVersion: 7 })
  const weak = await send('DELETE /cart', { as: 'customer', headers: { 'if-match': 'W/"7"' } })
  t.match(weak.json(), { status: 412, code: 'cart.changed' })
})

t.test('an address makes so many carts in a minute, and goes on with those that it has', async (t) => {
  const { send } = await testGateway(t, { guestCartsPerMinute: 2 })
  const add = async (headers = {}) => send('POST /cart/items', { body: item, headers })
  t.equal((await add()).statusCode, 200)
  t.equal((await add()).statusCode, 200)
  const third = await add()
  t.match(third.json(), { status: 429, code: 'request.rate-limited' })
  t.match(String(third.headers['retry-after']), /^\d+$/)
  t.equal((await add(shows)).statusCode, 200)
  t.equal((await send('POST /cart/items', { as: 'customer', body: item })).statusCode, 200)
})

t.test('logging in and registering give the user what the guest has gathered', async (t) => {
  const { send, asked } = await testGateway(t)
  const login = { email: account.email, password: account.password }
  for (const [route, body] of [
    ['POST /users/login', login],
    ['POST /users/register', account],
  ] as const) {
    t.match(String((await send(route, { body, headers: shows })).statusCode), /^20/)
    const merge = asked.at(-1)
    t.match(merge, {
      method: 'mergeCarts',
      request: { guestCartId: ids.cart },
      call: { actor: { kind: 'user', userId: ids.customer, role: 'customer' } },
    })
  }
  const before = asked.length
  await send('POST /users/login', { body: login })
  t.notOk(asked.slice(before).some(({ method }) => method === 'mergeCarts'))
})

t.test('a merge that fails, or a token that is wrong, fails no login', async (t) => {
  const broken = fakeServices({ carts: { mergeCarts: async () => Promise.reject(new Error('away')) } })
  const { send } = await testGateway(t, broken)
  const login = { email: account.email, password: account.password }
  t.equal((await send('POST /users/login', { body: login, headers: shows })).statusCode, 200)
  t.equal((await send('POST /users/login', { body: login, headers: { 'cart-token': 'x' } })).statusCode, 200)
  t.equal((await send('POST /users/register', { body: account, headers: shows })).statusCode, 201)
})

t.test('what is no item, no quantity and no address is refused before a service is asked', async (t) => {
  const { send, asked } = await testGateway(t)
  const wrong = [
    ['POST /cart/items', { ...item, quantity: 0 }],
    ['POST /cart/items', { ...item, quantity: 1.5 }],
    ['POST /cart/items', { ...item, attributes: 'x' }],
    ['POST /cart/items', { ...item, price: 1 }],
    [`PATCH /cart/items/${ids.cartLine}`, { quantity: -1 }],
    ['PATCH /cart/items/7', { quantity: 1 }],
    ['PUT /cart/delivery', { address: { name: 'Ada' } }],
    ['POST /cart/promotions', { code: '' }],
  ] as const
  for (const [route, body] of wrong)
    t.match((await send(route, { as: 'customer', body })).json(), { status: 400 }, route)
  t.equal(asked.length, 0)
})
