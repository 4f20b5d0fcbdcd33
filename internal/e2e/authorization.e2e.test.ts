import t from 'tap'
import { staffEntries, pricingEntries, platformEntries } from './testing/authorization/admin-entries.ts'
import { accountEntries, sessionEntries } from './testing/authorization/account-entries.ts'
import { cartEntries, orderEntries, paymentEntries } from './testing/authorization/buying-entries.ts'
import { isForStaff, openCallers, type Operation } from './testing/authorization/callers.ts'
import { productEntries, stockEntries, treeEntries } from './testing/authorization/catalogue-entries.ts'
import { openThings, type Entries } from './testing/authorization/things.ts'
import { openOneProcess } from './testing/shop.ts'

// This asks every route as every kind of caller. The routes are those that the running gateway describes, so a new one
// that nobody has thought about here fails.

t.setTimeout(600_000)
const shop = await openOneProcess(t)
const { api, adminToken } = shop
const things = await openThings(shop)
const { account, customer, unknown } = things
const { callers, anew, key, buyer } = await openCallers(things)

const matrix: Entries = {
  ...sessionEntries(things),
  ...accountEntries(things),
  ...productEntries(things),
  ...treeEntries(things),
  ...stockEntries(things),
  ...cartEntries(things),
  ...orderEntries(things),
  ...paymentEntries(things),
  ...staffEntries(things),
  ...pricingEntries(things),
  ...platformEntries(),
  // The last one, because it ends the session of the only admin.
  'POST /auth/logout-all': { ends: true, is: [401, 204, 204, 204] },
}

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

/** The same as a query: what it shows, and what it is refused with, is what the route would have answered. */
const queries: Readonly<Record<string, (id: string) => string>> = {
  'GET /products': () => '{ products { nodes { id } } }',
  'GET /products/{id}': (id) => `{ product(id: "${id}") { id } }`,
  'GET /families': () => '{ families { nodes { id products { product { id } } } } }',
  'GET /families/{id}': (id) => `{ family(id: "${id}") { id values { option } } }`,
  'GET /categories': () => '{ categories { id } }',
  'GET /categories/{id}': (id) => `{ category(id: "${id}") { id } }`,
  'GET /cart': () => '{ cart { id items { product { id } } } }',
  'GET /users/me': () => '{ me { id } }',
  'GET /orders': () => '{ orders { nodes { id payments { id } shipments { id } } } }',
  'GET /orders?userId={id}': (id) => `{ orders(userId: "${id}") { nodes { id } } }`,
  'GET /orders/{id}': (id) => `{ order(id: "${id}") { id items { product { id } } } }`,
  'GET /orders/{id}/payments': (id) => `{ order(id: "${id}") { payments { id } } }`,
  'GET /orders/{id}/tracking': (id) => `{ order(id: "${id}") { shipments { id } } }`,
}

for (const [route, query] of Object.entries(queries)) {
  const entry = matrix[route]!
  const [method = '', path = ''] = route.split(' ')
  t.test(`${route} as a query`, async (t) => {
    const operation = paths[path.split('?')[0] ?? '']?.[method.toLowerCase()] ?? {}
    const text = query((await entry.id?.()) ?? '')
    for (const { who, token, headers = {}, gets } of callers) {
      type Answer = { readonly errors?: readonly { readonly extensions: { readonly status: number } }[] }
      const { status, body } = await api.request<Answer>('POST', '/graphql', {
        ...(token === undefined ? {} : { token }),
        headers,
        body: { query: text },
      })
      t.equal(status, 200)
      const told = (body.errors ?? []).map(({ extensions }) => extensions.status)
      const expected = gets(entry, operation, route)
      t.same(told, expected === 200 ? [] : [expected], `${who} gets ${expected}`)
    }
  })
}

for (const [route, entry] of Object.entries(matrix)) {
  const { id, secondId = unknown, body, file, ends = false, is } = entry
  t.test(route, async (t) => {
    const [method = '', path = ''] = route.split(' ')
    const operation = paths[path.split('?')[0] ?? '']?.[method.toLowerCase()] ?? {}
    for (const { who, token: known, headers, gets } of callers) {
      const token = ends && known !== undefined && known !== key ? await anew(known) : known
      const place = path.replace(/\{\w+\}/, (await id?.()) ?? '').replace(/\{\w+\}/, await secondId())
      const response = await fetch(`${shop.url}${place}`, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(file ? { 'content-type': file().type } : {}),
          // Elsewhere a cart would be merged into somebody's.
          ...(operation.security?.some((one) => 'cartToken' in one || 'orderToken' in one) ? headers : {}),
        },
        ...(body ? { body: JSON.stringify(body()) } : {}),
        ...(file ? { body: file().bytes } : {}),
      })
      // A stream has no end.
      if (response.headers.get('content-type')?.startsWith('text/event-stream')) await response.body?.cancel()
      else await response.arrayBuffer()
      const status = gets(entry, operation, route)
      t.equal(response.status, status, `${who} gets ${status}`)
      if (known === adminToken && isForStaff(route, is) && !route.startsWith('GET '))
        t.ok(loggedElsewhere[route] ?? (await isLogged(response)), 'the log has it')
    }
  })
}

t.test('a guest’s token opens that guest’s own order', async (t) => {
  const own = Object.keys(matrix).filter((route) => {
    const { security = [] } =
      paths[route.split(' ')[1]!.split('?')[0]!]?.[route.split(' ')[0]!.toLowerCase()] ?? {}
    return route.startsWith('GET /orders/{id}') && security.some((one) => 'orderToken' in one)
  })
  t.ok(own.length > 4)
  for (const route of own) {
    const path = route.split(' ')[1]!.replace('{id}', buyer.orderId)
    const response = await fetch(`${shop.url}${path}`, { headers: { 'order-token': buyer.token } })
    await response.body?.cancel()
    t.equal(response.status, 200, route)
  }
})
