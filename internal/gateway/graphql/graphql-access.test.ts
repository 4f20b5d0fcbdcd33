import t from 'tap'
import { permissions } from '../../platform/permissions.ts'
import { cartTokens, orderTokens } from '../guest-tokens.ts'
import { apiKey, fakeServices, ids } from '../testing/fake-services.ts'
import { jwtSecret, testGateway, tokenOf } from '../testing/test-gateway.ts'
import { querying } from './testing/query.ts'

// Every field is asked as every kind of caller, and so is the route of REST that it is. The services here answer whoever asks;
// authorization.e2e.test.ts has the same with real ones.

const secret = `tsk_${'x'.repeat(43)}`
const keyWith = (scopes: readonly string[]) =>
  fakeServices({ users: { findApiKey: async () => ({ apiKeys: [{ ...apiKey, scopes: [...scopes] }] }) } })

const optional = await testGateway(t, keyWith(permissions))
const required = await testGateway(t, { staffSecondFactor: 'required' })
const scoped = await testGateway(t, keyWith(['orders:read']))
type Gateway = typeof optional
type Headers = Readonly<Record<string, string>>

const bearer = (gateway: Gateway, who: 'customer' | 'admin', claims: object = {}): Headers => ({
  authorization: `Bearer ${tokenOf(gateway.app, who, claims)}`,
})
const staff = (prm: readonly string[]) => bearer(optional, 'admin', { role: 'staff', prm })

const callers: readonly (readonly [who: string, headers: Headers, gateway?: Gateway])[] = [
  ['nobody', {}],
  ['a guest with a cart', { 'cart-token': cartTokens([jwtSecret]).issue(ids.cart) }],
  ['a guest with an order', { 'order-token': orderTokens([jwtSecret]).issue(ids.order) }],
  ['somebody with a token that is not ours', { 'cart-token': 'x', 'order-token': 'y' }],
  ['somebody with a bad access token', { authorization: 'Bearer x' }],
  ['a customer', bearer(optional, 'customer')],
  ['a customer whose token has expired', bearer(optional, 'customer', { exp: 1 })],
  ['staff without any permission', staff([])],
  ['staff with all permissions', staff(permissions)],
  ['an admin', bearer(optional, 'admin')],
  ['an API key with all scopes', { authorization: `Bearer ${secret}` }],
  ['an API key for orders', { authorization: `Bearer ${secret}` }, scoped],
  ['an admin who has to set up a second factor', bearer(required, 'admin'), required],
  ['an admin with a second factor', bearer(required, 'admin', { sf: true }), required],
]

const fields: readonly (readonly [field: string, route: string, query: string])[] = [
  ['products', '/products', '{ products { nodes { id } } }'],
  ['products', '/products?q=mug', '{ products(q: "mug") { nodes { id } } }'],
  ['product', `/products/${ids.product}`, `{ product(id: "${ids.product}") { id } }`],
  ['families', '/families', '{ families { nodes { id products { id } } } }'],
  ['family', `/families/${ids.family}`, `{ family(id: "${ids.family}") { id } }`],
  ['categories', '/categories', '{ categories { id } }'],
  ['category', `/categories/${ids.category}`, `{ category(id: "${ids.category}") { id } }`],
  ['cart', '/cart', '{ cart { id } }'],
  ['me', '/users/me', '{ me { id } }'],
  ['orders', '/orders', '{ orders { nodes { id } } }'],
  ['orders', `/orders?userId=${ids.admin}`, `{ orders(userId: "${ids.admin}") { nodes { id } } }`],
  ['order', `/orders/${ids.order}`, `{ order(id: "${ids.order}") { id } }`],
]

/** What is beside an order is for whom its route of REST is, whoever sees the order. */
const links: readonly (readonly [link: string, route: string])[] = [
  ['payments', `/orders/${ids.order}/payments`],
  ['shipments', `/orders/${ids.order}/tracking`],
]

async function restSays(gateway: Gateway, route: string, headers: Headers): Promise<object> {
  const response = await gateway.send(`GET ${route}`, { headers })
  if (response.statusCode === 200) return { status: 200 }
  const { status, code } = response.json<{ status: number; code: string }>()
  return { status, code }
}

for (const [field, route, query] of fields)
  t.test(`${query} is for whom ${route} is`, async (t) => {
    for (const [who, headers, gateway = optional] of callers) {
      const { status, data, errors } = await querying(gateway)(query, { headers })
      t.equal(status, 200)
      const told = errors?.[0]?.extensions
      const says = told ? { status: told.status, code: told.code } : { status: 200 }
      t.same(says, await restSays(gateway, route, headers), who)
      t.equal(data?.[field] === null, told !== undefined)
    }
  })

for (const [link, route] of links)
  t.test(`the ${link} of an order are for whom ${route} is`, async (t) => {
    for (const [who, headers, gateway = optional] of callers) {
      const query = `{ order(id: "${ids.order}") { id ${link} { id } } }`
      const { data, errors = [] } = await querying(gateway)(query, { headers })
      const said = await restSays(gateway, route, headers)
      const told = errors.map(({ extensions: { status, code } }) => ({ status, code }))
      t.same(told, 'code' in said ? [said] : [], who)
      const order = data?.order as Readonly<Record<string, unknown>> | null
      t.equal(Array.isArray(order?.[link]), !('code' in said))
    }
  })

t.test('an API key for orders sees orders without their payments', async (t) => {
  const query = `{ order(id: "${ids.order}") { id payments { id } shipments { id } } }`
  const { data, errors } = await querying(scoped)(query, { headers: { authorization: `Bearer ${secret}` } })
  t.match(data, { order: { id: ids.order, payments: null, shipments: [{}] } })
  t.match(errors, [{ path: ['order', 'payments'], extensions: { code: 'auth.permission-missing' } }])
})

t.test('one query may show what is a guest’s by several tokens', async (t) => {
  const headers = { ...callers[1]![1], ...callers[2]![1] }
  const query = `{ cart { id } order(id: "${ids.order}") { id } me { id } }`
  const fakes = fakeServices()
  const { data, errors } = await querying(await testGateway(t, fakes))(query, { headers })
  t.same(data, { cart: { id: ids.cart }, order: { id: ids.order }, me: null })
  t.equal(errors?.length, 1)
  const actors = fakes.asked.map(({ method, call }) => [method, call.actor])
  t.same(actors, [
    ['getCart', { kind: 'guest', cartId: ids.cart }],
    ['getOrder', { kind: 'buyer', orderId: ids.order }],
  ])
})
