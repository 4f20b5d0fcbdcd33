import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Test } from 'tap'

type Product = {
  id: string
  sku: string
  name: string
  price: number
  description: string
  stock: number
  currency: string
}
type Order = { id: string; status: string; items: { sku: string; quantity: number }[] }

export type FakeShop = {
  readonly url: string
  readonly products: Map<string, Product>
  readonly orders: Map<string, Order>
  /** Makes the shop answer the next requests with these statuses, or not at all (0). */
  readonly fail: (...statuses: readonly number[]) => void
  readonly auditViolations: string[]
}

type Request = {
  readonly path: string
  readonly key: string
  readonly user: string
  readonly body: Body
}
/** All fields that the routes below read. Each request has some of them. */
type Body = {
  email: string
  password: string
  quantity: number
  items: { productId: string; quantity: number }[]
}
type Reply = readonly [status: number, body: unknown, isReplay?: boolean]

/** The part of the API that a replay needs, in memory. Orders are decided when they are read for the second time. */
export async function fakeShop(t: Test): Promise<FakeShop> {
  const products = new Map<string, Product>()
  const orders = new Map<string, Order>()
  const users = new Map<string, string>([['admin@example.com', 'admin']])
  const booked = new Set<string>()
  const failures: number[] = []
  const auditViolations: string[] = []

  const routes: Readonly<Record<string, (request: Request) => Reply>> = {
    'POST /users/register': ({ body: { email, password } }) => {
      if (users.has(email)) return [409, { code: 'user.email-taken' }]
      users.set(email, password)
      return [201, {}]
    },
    'POST /users/login': ({ body: { email, password } }) =>
      users.get(email) === password ? [200, { accessToken: email }] : [401, { code: 'auth.bad-credentials' }],
    'GET /products': ({ path }) => {
      const all = [...products.values()]
      const from = Number(/cursor=(\d+)/.exec(path)?.[1] ?? 0)
      return [
        200,
        { data: all.slice(from, from + 2), nextCursor: from + 2 < all.length ? String(from + 2) : null },
      ]
    },
    'POST /products': ({ body }) => {
      const product: Product = { ...(body as unknown as Product), id: `p${products.size}`, currency: 'USD' }
      products.set(product.id, product)
      return [201, product]
    },
    'PATCH /products/:id': ({ path, body }) => {
      const product = products.get(path.split('/')[2] ?? '')
      if (!product) return [404, { code: 'product.not-found' }]
      return [200, Object.assign(product, body)]
    },
    'POST /products/:id/stock': ({ path, key, body: { quantity } }) => {
      const id = path.split('/')[2] ?? ''
      if (booked.has(`${id} ${key}`)) return [200, {}, true]
      booked.add(`${id} ${key}`)
      products.get(id)!.stock += quantity
      return [200, {}]
    },
    'POST /orders': ({ user, key, body }) => {
      const id = `${user}-${key}`
      const known = orders.get(id)
      if (known) return [201, known, true]
      const items = body.items.map((item) => ({
        product: products.get(item.productId)!,
        quantity: item.quantity,
      }))
      if (items.some(({ product, quantity }) => product.stock < quantity))
        return [409, { code: 'order.out-of-stock' }]
      for (const { product, quantity } of items) product.stock -= quantity
      const order = {
        id,
        status: 'pending',
        items: items.map(({ product: { sku }, quantity }) => ({ sku, quantity })),
      }
      orders.set(id, order)
      return [201, order]
    },
    'GET /orders/:id': ({ path }) => {
      const order = orders.get(decodeURIComponent(path.split('/')[2] ?? ''))!
      const seen = { ...order }
      if (order.status === 'pending') order.status = 'confirmed'
      return [200, seen]
    },
    'GET /admin/audit': () => {
      const violated = auditViolations.map((name) => ({ name, violations: 1, offenders: ['somebody'] }))
      return [200, { invariants: [{ name: 'fine', violations: 0, offenders: [] }, ...violated] }]
    },
  }

  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const [status = 200] = failures.splice(0, 1)
      if (status === 0) return request.socket.destroy()
      const path = request.url ?? ''
      const pattern = path.split('?')[0]!.replace(/^\/(products|orders)\/(?!stock)[^/]+/, '/$1/:id')
      const route = routes[`${request.method} ${pattern}`]
      const user = (request.headers.authorization ?? '').replace('Bearer ', '')
      const key = String(request.headers['idempotency-key'] ?? '')
      const [code, answer, isReplay] =
        status === 200 && route ? route({ path, key, user, body }) : [status, {}]
      if (isReplay) response.setHeader('idempotent-replayed', 'true')
      if (code >= 429) response.setHeader('retry-after', '0')
      return response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => (server.closeAllConnections(), server.close()))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    products,
    orders,
    auditViolations,
    fail: (...statuses) => void failures.push(...statuses),
  }
}

async function readBody(request: IncomingMessage): Promise<Body> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return JSON.parse(text || '{}') as Body
}
