import t from 'tap'
import { newId } from '../platform/new-id.ts'
import type { OrderBody } from './testing/api.ts'
import { permissions } from '../platform/permissions.ts'
import { admin, openOneProcess } from './testing/shop.ts'
import { newApiKey, newStaff } from './testing/staff-suite.ts'

// This asks every route as every kind of caller. The routes are those that the running gateway describes, so a new one
// that nobody has thought about here fails.

t.setTimeout(120_000)
const shop = await openOneProcess(t)
const { api, adminToken } = shop
const [customer, other] = await Promise.all([api.newCustomer(), api.newCustomer()])
const product = await shop.newProduct(100)
const { body: account } = await api.request<{ id: string; email: string }>('GET', '/users/me', {
  token: customer,
})
const order = (
  await api.request<OrderBody>('POST', '/orders', {
    token: customer,
    headers: { prefer: 'wait=10' },
    body: { items: [{ productId: product.id, quantity: 1 }] },
  })
).body

type Expected = readonly [nobody: number, customer: number, otherCustomer: number, admin: number]
/** Seven kinds of callers, and a second customer. What the others get follows from the four, unless it is said. */
type Others = {
  readonly guest?: number
  readonly staffWithout?: number
  readonly staffWith?: number
  readonly key?: number
}
type Entry = Others & {
  /** What replaces {id}: something that belongs to the first customer. */
  readonly id?: () => Promise<string> | string
  readonly body?: () => unknown
  /** It ends the session, so it is asked with one of its own. */
  readonly ends?: boolean
  readonly is: Expected
}

let made = 0
const newAccount = () => ({
  username: `u${++made}x`,
  email: `u${made}x@example.com`,
  password: 'a-long-password',
})
const newProduct = () => ({ name: 'p', category: 'c', price: 1, stock: 1 })
const line = () => ({ items: [{ productId: product.id, quantity: 1 }] })
const newOrder = async (): Promise<string> =>
  (await api.request<OrderBody>('POST', '/orders', { token: customer, body: line() })).body.id
const unknown = (): string => newId()
const address = {
  name: 'Ada',
  line1: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
}
/** A session of the first customer that nothing else needs. */
async function newSession(): Promise<string> {
  const credentials = { email: account.email, password: 'a-long-password' }
  type Pair = { readonly sessionId: string }
  return (await api.request<Pair>('POST', '/users/login', { body: credentials })).body.sessionId
}

/** Somebody whom nobody else needs. */
async function newVictim(): Promise<string> {
  type Made = { readonly user: { readonly id: string } }
  return (await api.request<Made>('POST', '/users/register', { body: newAccount() })).body.user.id
}

/** A line in the first customer's cart. */
const cartLine = async (): Promise<string> => {
  const item = { productId: product.id, quantity: 1 }
  type Cart = { readonly items: readonly { readonly lineId: string }[] }
  const { body } = await api.request<Cart>('POST', '/cart/items', { token: customer, body: item })
  return body.items[0]?.lineId ?? ''
}

let shippedLine = ''
/** An order of the first customer whose goods are held. */
async function newShippable(): Promise<OrderBody> {
  const { body } = await api.request<OrderBody>('POST', '/orders', {
    token: customer,
    headers: { prefer: 'wait=10' },
    body: line(),
  })
  shippedLine = body.items[0]?.lineId ?? ''
  return body
}

/** One that has left. */
async function newShipment(): Promise<{ readonly id: string; readonly orderId: string }> {
  const body = await newShippable()
  const shipped = await api.request<{ id: string; orderId: string }>('POST', `/orders/${body.id}/shipments`, {
    token: adminToken,
    body: { lines: [{ lineId: shippedLine, quantity: 1 }], carrier: 'Post' },
  })
  return shipped.body
}

const matrix: Readonly<Record<string, Entry>> = {
  'POST /users/register': { body: newAccount, is: [201, 201, 201, 201] },
  'POST /users/login': { body: () => ({ email: 'x@example.com', password: 'x' }), is: [401, 401, 401, 401] },
  'GET /auth/validate': { is: [401, 200, 200, 200] },
  'POST /auth/refresh': { body: () => ({ refreshToken: 'x' }), is: [401, 401, 401, 401] },
  'POST /auth/logout': { ends: true, is: [401, 204, 204, 204] },
  'POST /auth/password-reset': { body: () => ({ email: 'x@example.com' }), is: [202, 202, 202, 202] },
  'POST /auth/password-reset/confirm': {
    body: () => ({ token: 'x', newPassword: 'battery staple 9' }),
    is: [400, 400, 400, 400],
  },
  'POST /auth/email-verification': { is: [401, 202, 202, 202] },
  'POST /auth/email-verification/confirm': { body: () => ({ token: 'x' }), is: [400, 400, 400, 400] },
  'GET /auth/providers': { is: [200, 200, 200, 200] },
  'GET /auth/oidc/{provider}?returnTo=https://evil.example/': { id: () => 'local', is: [400, 400, 400, 400] },
  'GET /auth/oidc/{provider}/callback': { id: () => 'local', is: [400, 400, 400, 400] },
  'POST /auth/token': { body: () => ({ code: 'x' }), is: [401, 401, 401, 401] },
  'GET /users/me/identities': { is: [401, 200, 200, 200] },
  'DELETE /users/me/identities/{id}': { id: unknown, is: [401, 404, 404, 404] },
  'GET /users/me/sessions': { is: [401, 200, 200, 200] },
  'DELETE /users/me/sessions/{id}': { id: newSession, is: [401, 204, 404, 404] },
  'POST /users/me/password': {
    body: () => ({ currentPassword: 'another', newPassword: 'battery staple 9' }),
    is: [401, 403, 403, 403],
  },
  'POST /users/me/second-factor': { is: [401, 201, 201, 201] },
  'POST /users/me/second-factor/confirm': { body: () => ({ code: '0' }), is: [401, 403, 403, 403] },
  // It was begun and not confirmed; a wrong code removes nothing.
  'DELETE /users/me/second-factor': { body: () => ({ code: '0' }), is: [401, 403, 403, 403] },
  'GET /users/me': { is: [401, 200, 200, 200] },
  'GET /users/me/export': { is: [401, 200, 200, 200] },
  // Nobody is erased without the password, and no admin by themselves: erasure.e2e.test.ts.
  'DELETE /users/me': { body: () => ({ password: 'another' }), staffWith: 403, is: [401, 403, 403, 409] },
  'DELETE /admin/users/{id}': { id: newVictim, is: [401, 403, 403, 204] },
  'GET /users/me/notification-preferences': { is: [401, 200, 200, 200] },
  'PUT /users/me/notification-preferences': { body: () => ({ language: 'de' }), is: [401, 200, 200, 200] },
  // What is in a feed is shown to nobody else: notifications.e2e.test.ts.
  'GET /notifications': { is: [401, 200, 200, 200] },
  'POST /notifications/{id}/read': { id: unknown, is: [401, 404, 404, 404] },
  'GET /notifications/unsubscribe?token=x': { is: [200, 200, 200, 200] },
  'POST /notifications/unsubscribe?token=x': { is: [400, 400, 400, 400] },
  'GET /admin/notifications': { is: [401, 403, 403, 200] },
  'POST /admin/notifications/{id}/retry': { id: unknown, is: [401, 403, 403, 404] },
  'PATCH /users/me': { body: () => ({ name: 'N' }), is: [401, 200, 200, 200] },
  'GET /admin/users': { is: [401, 403, 403, 200] },
  'PATCH /admin/users/{id}': {
    id: () => account.id,
    body: () => ({ role: 'customer' }),
    is: [401, 403, 403, 200],
    // A role is for admins to give.
    ...{ staffWith: 403, key: 403 },
  },
  'GET /users/{id}': { id: () => account.id, is: [401, 200, 403, 200] },
  'GET /products': { is: [200, 200, 200, 200] },
  'GET /products/{id}': { id: () => product.id, is: [200, 200, 200, 200] },
  'POST /products': { body: newProduct, is: [401, 403, 403, 201] },
  'PATCH /products/{id}': {
    id: () => product.id,
    body: () => ({ name: `q${++made}` }),
    is: [401, 403, 403, 200],
  },
  'DELETE /products/{id}': { id: async () => (await shop.newProduct(1)).id, is: [401, 403, 403, 204] },
  'POST /products/stock': { body: () => ({ ids: [product.id] }), is: [200, 200, 200, 200] },
  'POST /products/{id}/stock': {
    id: () => product.id,
    body: () => ({ quantity: 1, reason: 'found' }),
    is: [401, 403, 403, 200],
  },
  // Everybody has a cart, and sees no other; a guest without one is shown an empty one.
  'GET /cart': { is: [200, 200, 200, 200] },
  'POST /cart/items': {
    body: () => ({ productId: product.id, quantity: 1 }),
    is: [200, 200, 200, 200],
  },
  'PATCH /cart/items/{lineId}': { id: cartLine, body: () => ({ quantity: 2 }), is: [404, 200, 404, 404] },
  'DELETE /cart/items/{lineId}': { id: cartLine, is: [404, 200, 404, 404] },
  'PUT /cart/delivery': { body: () => ({ address }), is: [404, 200, 200, 200], guest: 200 },
  'GET /cart/shipping-methods?country=GB': { is: [200, 200, 200, 200] },
  'POST /cart/promotions': { body: () => ({ code: 'NONE' }), is: [404, 409, 409, 409], guest: 409 },
  'DELETE /cart/promotions/{code}': { id: () => 'NONE', is: [404, 404, 404, 404] },
  // A guest without a token has no cart, and nobody else has one of this version.
  'POST /checkout': {
    body: () => ({ cartVersion: 999, expectedTotal: 1, paymentMethod: 'card' }),
    is: [409, 409, 409, 409],
  },
  'POST /cart/reopen': { is: [200, 200, 200, 200] },
  'DELETE /cart': { is: [200, 200, 200, 200] },
  'GET /orders': { is: [401, 200, 200, 200] },
  'GET /orders?userId={id}': { id: () => account.id, is: [401, 200, 403, 200] },
  // Other customers do not learn whether an order exists.
  'GET /orders/{id}': { id: () => order.id, is: [401, 200, 404, 200] },
  'POST /orders': { body: line, is: [401, 201, 201, 201] },
  'POST /orders/{id}/cancel': { id: newOrder, body: () => ({}), is: [401, 200, 404, 200] },
  'PATCH /orders/{id}': { id: newOrder, body: () => ({ status: 'canceled' }), is: [401, 403, 403, 200] },
  'POST /orders/{id}/shipments': {
    id: async () => (await newShippable()).id,
    body: () => ({ lines: [{ lineId: shippedLine, quantity: 1 }], carrier: 'Post' }),
    is: [401, 403, 403, 201],
  },
  'PATCH /shipments/{id}': {
    id: async () => (await newShipment()).id,
    body: () => ({ status: 'delivered' }),
    is: [401, 403, 403, 200],
  },
  'GET /orders/{id}/tracking': { id: () => order.id, is: [401, 200, 404, 200] },
  'POST /orders/{id}/returns': {
    id: async () => (await newShipment()).orderId,
    body: () => ({ lines: [{ lineId: shippedLine, quantity: 1 }] }),
    is: [401, 201, 404, 201],
  },
  'GET /orders/{id}/returns': { id: () => order.id, is: [401, 200, 404, 200] },
  'PATCH /returns/{id}': { id: unknown, body: () => ({ status: 'approved' }), is: [401, 403, 403, 404] },
  'GET /payment-methods': { is: [200, 200, 200, 200] },
  'POST /orders/{id}/payments': {
    id: () => order.id,
    body: () => ({ paymentMethod: 'invoice' }),
    is: [401, 201, 404, 201],
  },
  'GET /orders/{id}/payments': { id: () => order.id, is: [401, 200, 404, 200] },
  'GET /orders/{id}/receipts': { id: () => order.id, is: [401, 200, 404, 200] },
  // Nothing was paid for here; receipt-drills.int.test.ts and receipts.campaign.test.ts have what was.
  'GET /receipts/{id}': { id: unknown, is: [401, 404, 404, 404] },
  'GET /receipts/{id}.pdf': { id: unknown, is: [401, 404, 404, 404] },
  // Nobody has begun a payment here; payment-drills.int.test.ts has those of a customer and of another one.
  'GET /payments/{id}': { id: unknown, is: [401, 404, 404, 404] },
  'POST /payments/{id}/capture': { id: unknown, body: () => ({}), is: [401, 403, 403, 404] },
  'POST /payments/{id}/void': { id: unknown, body: () => ({}), is: [401, 403, 403, 404] },
  'POST /payments/{id}/refunds': {
    id: unknown,
    body: () => ({ reason: 'returned' }),
    is: [401, 403, 403, 404],
  },
  // Refunds that exist, and money that belongs to nobody: staff-money.campaign.test.ts.
  'GET /admin/refunds': { is: [401, 403, 403, 200] },
  'POST /refunds/{id}/settle': {
    id: unknown,
    body: () => ({ reference: 'bank-1' }),
    is: [401, 403, 403, 404],
  },
  'POST /refunds/{id}/repeat': { id: unknown, body: () => ({}), is: [401, 403, 403, 404] },
  'GET /admin/suspense': { is: [401, 403, 403, 200] },
  'POST /admin/suspense/assign': {
    body: () => ({ provider: 'stripe', ref: 'pi_none', orderId: newId() }),
    is: [401, 403, 403, 404],
  },
  'POST /admin/suspense/give-back': {
    body: () => ({ provider: 'stripe', ref: 'pi_none', reference: 'bank-1' }),
    is: [401, 403, 403, 404],
  },
  // What stands here is no provider's name; payment-routes.test.ts has what is.
  'POST /webhooks/{provider}': { body: () => ({}), is: [404, 404, 404, 404] },
  'GET /admin/provider-messages': { is: [401, 403, 403, 200] },
  'POST /admin/provider-messages/{id}/requeue': { id: () => '1', body: () => ({}), is: [401, 403, 403, 404] },
  'GET /admin/webhooks': { is: [401, 403, 403, 200] },
  'POST /admin/webhooks': { body: newWebhook, is: [401, 403, 403, 201] },
  'GET /admin/webhooks/{id}': { id: webhookId, is: [401, 403, 403, 200] },
  'PATCH /admin/webhooks/{id}': { id: webhookId, body: () => ({ isPaused: true }), is: [401, 403, 403, 200] },
  'DELETE /admin/webhooks/{id}': { id: webhookId, is: [401, 403, 403, 204] },
  'GET /admin/webhooks/{id}/deliveries': { id: webhookId, is: [401, 403, 403, 200] },
  'POST /admin/webhooks/{id}/deliveries/{deliveryId}/redeliver': {
    id: unknown,
    body: () => ({}),
    is: [401, 403, 403, 404],
  },
  'POST /admin/webhooks/{id}/replay': {
    id: webhookId,
    body: () => ({ from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }),
    is: [401, 403, 403, 202],
  },
  'GET /admin/dead-letters': { is: [401, 403, 403, 200] },
  'GET /admin/dead-letters/{id}': { id: unknown, is: [401, 403, 403, 404] },
  'POST /admin/dead-letters/{id}/requeue': { id: unknown, is: [401, 403, 403, 404] },
  'POST /admin/dead-letters/{id}/discard': {
    id: unknown,
    body: () => ({ reason: 'r' }),
    is: [401, 403, 403, 404],
  },
  'GET /admin/api-keys': { is: [401, 403, 403, 200] },
  'POST /admin/api-keys': {
    body: () => ({ name: 'k', scopes: ['log:read'] }),
    is: [401, 403, 403, 201],
  },
  'DELETE /admin/api-keys/{id}': {
    id: async () => (await newApiKey(api, adminToken, ['log:read'])).id,
    is: [401, 403, 403, 204],
  },
  'GET /admin/log': { is: [401, 403, 403, 200] },
  'GET /admin/audit': { is: [401, 403, 403, 200] },
  ...ruleEntries('shipping-methods', () => ({ name: 'Standard', price: 4.9 })),
  ...ruleEntries('tax-rates', () => ({ country: 'DE', category: `c${++made}`, percent: 7 })),
  ...ruleEntries('promotions', () => ({ kind: 'percent', value: 10 })),
  'GET /livez': { is: [200, 200, 200, 200] },
  'GET /readyz': { is: [200, 200, 200, 200] },
  // Operators have a listener of their own.
  'GET /metrics': { is: [401, 401, 401, 401] },
  // The last one, because it ends the session of the only admin.
  'POST /auth/logout-all': { ends: true, is: [401, 204, 204, 204] },
}

/** The rules of pricing, of which each caller gets one of its own. */
function ruleEntries(name: string, body: () => object): Readonly<Record<string, Entry>> {
  const path = `/admin/${name}`
  const id = async (): Promise<string> =>
    (await api.request<{ id: string }>('POST', path, { token: adminToken, body: body() })).body.id
  return {
    [`GET ${path}`]: { is: [401, 403, 403, 200] },
    [`POST ${path}`]: { body, is: [401, 403, 403, 201] },
    [`GET ${path}/{id}`]: { id, is: [401, 403, 403, 200] },
    [`PATCH ${path}/{id}`]: { id, body, is: [401, 403, 403, 200] },
    [`DELETE ${path}/{id}`]: { id, is: [401, 403, 403, 204] },
  }
}

function newWebhook(): object {
  return { url: 'https://example.com/hook', events: ['receipt.issued'] }
}

async function webhookId(): Promise<string> {
  const made = { token: adminToken, body: newWebhook() }
  return (await api.request<{ id: string }>('POST', '/admin/webhooks', made)).body.id
}

/** What only staff may do. */
const isForStaff = (route: string, [nobody, customer]: Expected): boolean =>
  nobody === 401 && customer === 403 && !/ \/users\/me(\/|$)/.test(route)

/** Here an admin gets 404 or changes nothing; these tests see their entries in the log. */
const loggedElsewhere: Readonly<Record<string, string>> = {
  'PATCH /admin/users/{id}': 'staff-log.e2e.test.ts',
  'PATCH /returns/{id}': 'staff-log.e2e.test.ts',
  'POST /payments/{id}/capture': 'staff-drills.int.test.ts',
  'POST /payments/{id}/void': 'staff-drills.int.test.ts',
  'POST /payments/{id}/refunds': 'staff-drills.int.test.ts',
  'POST /refunds/{id}/settle': 'staff-drills.int.test.ts',
  'POST /refunds/{id}/repeat': 'staff-drills.int.test.ts',
  'POST /admin/suspense/assign': 'staff-drills.int.test.ts',
  'POST /admin/suspense/give-back': 'staff-drills.int.test.ts',
  'POST /admin/provider-messages/{id}/requeue': 'staff-drills.int.test.ts',
  'POST /admin/notifications/{id}/retry': 'postgres-deliveries.int.test.ts',
  'POST /admin/webhooks/{id}/deliveries/{deliveryId}/redeliver': 'webhooks.int.test.ts',
  'POST /admin/dead-letters/{id}/requeue': 'prisma-dead-letters.int.test.ts',
  'POST /admin/dead-letters/{id}/discard': 'prisma-dead-letters.int.test.ts',
}

async function isLogged(response: Response): Promise<boolean> {
  type Log = { readonly data: readonly { readonly requestId: string }[] }
  const { body } = await api.request<Log>('GET', '/admin/log', { token: adminToken })
  return body.data.some(({ requestId }) => requestId === response.headers.get('x-request-id'))
}

/** Of a session that nothing else needs. */
async function anew(token: string): Promise<string> {
  if (token === adminToken) return api.logIn(admin.email, admin.password)
  if (token === without.token) return (await without.logIn()).body.accessToken
  return token === having.token ? (await having.logIn()).body.accessToken : api.newCustomer()
}

async function staffOf(given: readonly string[]) {
  const staff = await newStaff(api, adminToken, given)
  return { ...staff, token: (await staff.logIn()).body.accessToken }
}
const [without, having] = [await staffOf([]), await staffOf(permissions)]
const { key } = await newApiKey(api, adminToken, permissions)
const guest = await api.request<{ token: string }>('POST', '/cart/items', {
  body: { productId: product.id, quantity: 1 },
})

type Caller = {
  readonly who: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly gets: (entry: Entry, operation: Operation, route: string) => number
}

const callers: readonly Caller[] = [
  { who: 'nobody', gets: ({ is }) => is[0] },
  {
    ...{ who: 'a guest', headers: { 'cart-token': guest.body.token } },
    gets: ({ is, guest: own }) => own ?? is[0],
  },
  { who: 'the customer', token: customer, gets: ({ is }) => is[1] },
  { who: 'another customer', token: other, gets: ({ is }) => is[2] },
  {
    ...{ who: 'staff without any permission', token: without.token },
    gets: ({ is, staffWithout }) => staffWithout ?? is[2],
  },
  {
    ...{ who: 'staff with all permissions', token: having.token },
    gets: ({ is, staffWith }, operation, route) =>
      staffWith ?? (isForStaff(route, is) && operation['x-permission'] === undefined ? 403 : is[3]),
  },
  {
    ...{ who: 'an API key with all scopes', token: key },
    gets: ({ is, key: own }, { security = [], ...operation }) => {
      if (own !== undefined) return own
      if (operation['x-permission'] !== undefined) return is[3]
      return security.length === 0 ? is[0] : 403
    },
  },
  { who: 'an admin', token: adminToken, gets: ({ is }) => is[3] },
]

type Operation = { readonly 'x-permission'?: string; readonly security?: readonly object[] }
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }
const { paths } = (await api.request<Document>('GET', '/openapi.json')).body

t.test('every route has its entry, and every entry its route', (t) => {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const entries = Object.keys(matrix).map((route) => route.split('?', 1)[0])
  t.same([...new Set(entries)].sort(), routes.sort())
  t.end()
})

t.test("lists show nobody else's", async (t) => {
  const { body } = await api.request<{ data: { userId: string }[] }>('GET', '/orders', { token: customer })
  t.ok(body.data.length > 0)
  t.ok(body.data.every(({ userId }) => userId === account.id))
})

for (const [route, entry] of Object.entries(matrix)) {
  const { id, body, ends = false, is } = entry
  t.test(route, async (t) => {
    const [method = '', path = ''] = route.split(' ')
    const operation = paths[path.split('?')[0] ?? '']?.[method.toLowerCase()] ?? {}
    for (const { who, token: known, headers, gets } of callers) {
      const token = ends && known !== undefined && known !== key ? await anew(known) : known
      const place = path.replace(/\{\w+\}/, (await id?.()) ?? '').replace(/\{\w+\}/g, unknown)
      const response = await fetch(`${shop.url}${place}`, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body ? { 'content-type': 'application/json' } : {}),
          // Elsewhere it would be merged into somebody's cart.
          ...(operation.security?.some((one) => 'cartToken' in one) ? headers : {}),
        },
        ...(body ? { body: JSON.stringify(body()) } : {}),
      })
      await response.arrayBuffer()
      const status = gets(entry, operation, route)
      t.equal(response.status, status, `${who} gets ${status}`)
      if (known === adminToken && isForStaff(route, is) && !route.startsWith('GET '))
        t.ok(loggedElsewhere[route] ?? (await isLogged(response)), 'the log has it')
    }
  })
}
