import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Test } from 'tap'
import { fakeCheckout, type FakeCheckout } from './fake-checkout.ts'
import type { Body, Order, Product, Reply, Request } from './fake-request.ts'

export const lost = 'lost'

export type FakeShop = {
  readonly url: string
  readonly products: Map<string, Product>
  readonly orders: Map<string, Order>
  /**
   * Makes the shop answer the next requests with these statuses, or not at all (0). `lost` does the request and then
   * answers with 400, as for a tool that was killed before it saw the answer.
   */
  readonly fail: (...statuses: readonly (number | typeof lost)[]) => void
  /** Forgets the failures that are still to come. */
  readonly mend: () => void
  /** How many requests were answered. */
  readonly requests: () => number
  readonly auditViolations: string[]
  readonly buying: FakeCheckout
}

const maxStock = 1_000_000_000

/**
 * The part of the API that a replay needs, in memory, with its refusals. Orders are decided when they are read for the
 * second time.
 */
export async function fakeShop(t: Test): Promise<FakeShop> {
  const products = new Map<string, Product>()
  const orders = new Map<string, Order>()
  const requested = new Map<string, string>()
  const users = new Map<string, string>([['admin@example.com', 'admin']])
  const booked = new Map<string, { readonly quantity: number; readonly reason: string }>()
  const failures: (number | typeof lost)[] = []
  let requests = 0
  const auditViolations: string[] = []
  const buying = fakeCheckout({ products, orders })

  const routes: Readonly<Record<string, (request: Request) => Reply>> = {
    ...buying.routes,
    'POST /users/register': ({ body: { username, email, password } }) => {
      if (!/^[a-z0-9][a-z0-9._-]{2,63}$/i.test(username)) return [400, { code: 'request.invalid' }]
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
      const trouble = troubleWith(body as unknown as Product)
      if (trouble) return trouble
      const product: Product = { ...(body as unknown as Product), id: `p${products.size}`, currency: 'USD' }
      products.set(product.id, product)
      return [201, product]
    },
    'PATCH /products/:id': ({ path, body }) => {
      const product = products.get(path.split('/')[2] ?? '')
      if (!product) return [404, { code: 'product.not-found' }]
      return troubleWith({ ...product, ...body }) ?? [200, Object.assign(product, body)]
    },
    'POST /products/:id/stock': ({ path, user, key, body: { quantity, reason } }) => {
      const product = products.get(path.split('/')[2] ?? '')
      if (!product) return [404, { code: 'product.not-found' }]
      const earlier = booked.get(`${user} ${product.id} ${key}`)
      if (earlier?.quantity === quantity && earlier.reason === reason) return [200, {}, true]
      if (earlier) return [422, { code: 'stock.idempotency-key-reused', ...earlier }]
      if (product.stock + quantity < 0) return [409, { code: 'stock.below-zero' }]
      if (product.stock + quantity > maxStock) return [409, { code: 'stock.too-large' }]
      booked.set(`${user} ${product.id} ${key}`, { quantity, reason })
      product.stock += quantity
      return [200, {}]
    },
    'POST /orders': ({ user, key, body }) => {
      const id = `${user}-${key}`
      const lines = body.items.map(({ productId, quantity }) => ({
        product: products.get(productId),
        quantity,
      }))
      const items = lines.map(({ product, quantity }) => ({ sku: product?.sku ?? '', quantity }))
      const known = orders.get(id)
      if (known)
        return requested.get(id) === fingerprint(body)
          ? [201, known, true]
          : [422, { code: 'order.idempotency-key-reused' }]
      if (lines.some(({ product }) => !product)) return [400, { code: 'order.unknown-product' }]
      if (lines.some(({ product, quantity }) => product!.stock < quantity))
        return [409, { code: 'order.out-of-stock' }]
      for (const { product, quantity } of lines) product!.stock -= quantity
      const order = { id, status: 'pending', items }
      orders.set(id, order)
      requested.set(id, fingerprint(body))
      return [201, order]
    },
    'GET /orders/:id': ({ path }) => {
      const order = orders.get(decodeURIComponent(path.split('/')[2] ?? ''))!
      const seen = { ...order }
      if (buying.advance(order)) return [200, seen]
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
      requests++
      const [status = 200] = failures.splice(0, 1)
      if (status === 0) return request.socket.destroy()
      const path = request.url ?? ''
      const pattern = path.split('?')[0]!.replace(/^\/(products|orders)\/(?!stock)[^/]+/, '/$1/:id')
      const route = routes[`${request.method} ${pattern}`]
      const user = (request.headers.authorization ?? '').replace('Bearer ', '')
      const key = String(request.headers['idempotency-key'] ?? '')
      const isDone = status === 200 || status === lost
      const done: Reply = isDone && route ? route({ path, key, user, body }) : [Number(status), {}]
      const [code, answer, isReplay] = status === lost ? [400, {}] : done
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
    buying,
    mend: () => void failures.splice(0),
    requests: () => requests,
    fail: (...statuses) => void failures.push(...statuses),
  }
}

function troubleWith({ name, sku, description }: Product): Reply | undefined {
  const texts = [[name, 200], [sku, 64], [description, 10_000]] as const // prettier-ignore
  const isFine = texts.every(
    ([text, limit]) => Array.from(text).length <= limit && !/[^\P{Cc}\n]|\p{Cs}/u.test(text),
  )
  return isFine && name.trim() !== '' ? undefined : [400, { code: 'request.invalid' }]
}

const fingerprint = ({ items }: Body): string =>
  items
    .map(({ productId, quantity }) => `${productId}:${quantity}`)
    .sort()
    .join()

async function readBody(request: IncomingMessage): Promise<Body> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return JSON.parse(text || '{}') as Body
}
