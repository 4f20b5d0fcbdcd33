import t from 'tap'
import { newId } from '../platform/new-id.ts'
import type { Answer, ProductBody } from './testing/api.ts'
import { openOneProcess } from './testing/shop.ts'

// Carts through REST, on real servers: guests, customers, and what a login makes of both.

const { api, newProduct, adminToken, auditIsClean } = await openOneProcess(t)

type Line = {
  readonly lineId: string
  readonly quantity: number
  readonly attributes?: object
  readonly warnings?: readonly string[]
}
type Cart = {
  readonly id: string | null
  readonly version: number
  readonly items: readonly Line[]
  readonly token?: string
  readonly totals: { readonly items: number; readonly total: number }
}
type Who = { readonly token?: string; readonly cart?: string; readonly key?: string }

const ask = (
  method: string,
  path: string,
  { token, cart, key }: Who,
  body?: unknown,
): Promise<Answer<Cart>> =>
  api.request<Cart>(method, path, {
    token,
    body,
    headers: { ...(cart ? { 'cart-token': cart } : {}), ...(key ? { 'idempotency-key': key } : {}) },
  })
const add = (who: Who, product: ProductBody, quantity = 1, attributes?: object): Promise<Answer<Cart>> =>
  ask('POST', '/cart/items', who, { productId: product.id, quantity, ...(attributes ? { attributes } : {}) })

const newGuest = async (product: ProductBody): Promise<string> => (await add({}, product)).body.token ?? ''
const account = () => {
  const name = `c${newId().slice(-12)}`
  return { username: name, email: `${name}@example.com`, password: 'a-long-password' }
}

t.test('a guest has a cart from the first item on, and sees no other', async (t) => {
  const product = await newProduct(2)
  t.match(await ask('GET', '/cart', {}), { status: 200, body: { id: null, version: 0, items: [] } })
  const first = await add({}, product, 3, { engraving: 'Ada' })
  t.match(first, { status: 200, body: { version: 1, items: [{ quantity: 3, warnings: ['short'] }] } })
  t.equal(first.headers['cart-token'], first.body.token)
  const cart = first.body.token ?? ''
  const other = await newGuest(product)
  t.not(other, cart)
  const [line] = first.body.items
  t.match(await ask('PATCH', `/cart/items/${line?.lineId ?? ''}`, { cart: other }, { quantity: 9 }), {
    status: 404,
  })
  t.match(await ask('PATCH', `/cart/items/${line?.lineId ?? ''}`, { cart }, { quantity: 2 }), {
    status: 200,
    body: {
      version: 2,
      items: [{ quantity: 2, attributes: { engraving: 'Ada' } }],
      totals: { items: 25, total: 25 },
    },
  })
  t.match(await ask('GET', '/cart', { cart: `${cart}x` }), {
    status: 401,
    body: { code: 'cart.token-invalid' },
  })
  t.match(await ask('GET', '/cart', { cart: other }), { body: { items: [{ quantity: 1 }] } })
})

t.test('a login merges what the guest has gathered, 65 lines with their attributes, once', async (t) => {
  const product = await newProduct(100)
  const person = account()
  t.equal((await api.request('POST', '/users/register', { body: person })).status, 201)
  const token = await api.logIn(person.email, person.password)
  await add({ token }, product, 5)
  const cart = await newGuest(product)
  for (let index = 1; index < 65; index++) await add({ cart }, product, 1, { engraving: `number ${index}` })
  const logIn = (): Promise<Answer> =>
    api.request('POST', '/users/login', {
      body: { email: person.email, password: person.password },
      headers: { 'cart-token': cart },
    })
  const all = await Promise.all(Array.from({ length: 4 }, logIn))
  t.same(new Set(all.map(({ status }) => status)), new Set([200]))
  const { body } = await ask('GET', '/cart', { token })
  t.equal(body.items.length, 65)
  t.equal(body.items[0]?.quantity, 5, 'the larger quantity of the equal line')
  t.equal(new Set(body.items.map(({ attributes }) => JSON.stringify(attributes))).size, 65)
  t.match(await ask('GET', '/cart', { cart }), { body: { id: null, items: [] } })
  t.equal((await logIn()).status, 200)
  t.same((await ask('GET', '/cart', { token })).body.version, body.version)
})

t.test('a registration merges, too, and a wrong token fails neither', async (t) => {
  const product = await newProduct(10)
  const cart = await newGuest(product)
  const [person, other] = [account(), account()]
  const register = (body: object, token: string) =>
    api.request('POST', '/users/register', { body, headers: { 'cart-token': token } })
  t.equal((await register(person, cart)).status, 201)
  t.equal((await register(other, 'nonsense')).status, 201)
  const token = await api.logIn(person.email, person.password)
  t.match(await ask('GET', '/cart', { token }), { body: { items: [{ quantity: 1 }] } })
})

t.test('an addition that is repeated under its key counts once, and fifty at once all count', async (t) => {
  const product = await newProduct(1_000)
  const token = await api.newCustomer()
  const same = await Promise.all(Array.from({ length: 8 }, () => add({ token, key: 'add-1' }, product)))
  t.same(new Set(same.map(({ status }) => status)), new Set([200]))
  t.equal(same.filter(({ headers }) => headers['idempotent-replayed'] === 'true').length, 7)
  t.match(await add({ token, key: 'add-1' }, product, 2), { status: 422 })
  const all = await Promise.all(Array.from({ length: 50 }, () => add({ token }, product)))
  t.same(new Set(all.map(({ status }) => status)), new Set([200]))
  t.match(await ask('GET', '/cart', { token }), { body: { version: 51, items: [{ quantity: 51 }] } })
})

t.test("a guest's repeated first request makes one cart, and gives its token once", async (t) => {
  const product = await newProduct(10)
  const key = newId()
  const first = await add({ key }, product)
  const again = await add({ key }, product)
  t.match(again, {
    status: 200,
    headers: { 'idempotent-replayed': 'true' },
    body: { id: first.body.id ?? '' },
  })
  t.equal(again.body.token, undefined)
  t.equal(again.headers['cart-token'], undefined)
  await add({ cart: first.body.token ?? '' }, product)
  t.match(await add({ key }, product), { status: 401, body: { code: 'cart.token-required' } })
})

t.test('prices and products are those of the moment', async (t) => {
  const [dearer, gone] = [await newProduct(10), await newProduct(10)]
  const token = await api.newCustomer()
  await add({ token }, dearer)
  await add({ token }, gone)
  await api.request('PATCH', `/products/${dearer.id}`, { token: adminToken, body: { price: 20 } })
  await api.request('DELETE', `/products/${gone.id}`, { token: adminToken })
  const { body } = await ask('GET', '/cart', { token })
  t.match(body, {
    items: [{ warnings: ['price-changed'] }, { warnings: ['gone'] }],
    totals: { items: 20, total: 20 },
  })
  const seen = await ask('PATCH', `/cart/items/${body.items[0]?.lineId ?? ''}`, { token }, { quantity: 1 })
  t.equal(seen.body.items[0]?.warnings, undefined)
  t.match(await ask('DELETE', '/cart', { token }), { status: 200, body: { items: [] } })
})

t.test('an address is checked, and shown to nobody else', async (t) => {
  const product = await newProduct(10)
  const cart = await newGuest(product)
  const put = (change: object) =>
    ask(
      'PUT',
      '/cart/delivery',
      { cart },
      {
        address: {
          ...{
            name: 'Ada',
            line1: '12 St James Square',
            city: 'London',
            postalCode: 'SW1Y 4JH',
            country: 'gb',
          },
          ...change,
        },
      },
    )
  t.match(await put({ phone: '020 7946 0958' }), {
    status: 200,
    body: { delivery: { address: { country: 'GB', phone: '+442079460958' } } },
  })
  for (const wrong of [{ country: 'XX' }, { phone: '12' }, { name: ' ' }, { city: 'a\nb' }])
    t.match(await put(wrong), { status: 400, body: { code: 'address.invalid' } }, JSON.stringify(wrong))
  t.notMatch(await ask('GET', '/cart', { cart: await newGuest(product) }), { body: { delivery: {} } })
})

t.test('after all of it the invariants hold', async () => {
  await auditIsClean()
})
