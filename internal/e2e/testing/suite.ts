import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { type Test } from 'tap'
import type { OrderBody, ProductBody } from './api.ts'
import { natsOptions } from '../../platform/nats-access.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Shop } from './shop.ts'

/** The behaviour of a shop, whether its services run in one process or in many. */
export function shopSuite(t: Test, shop: Shop): void {
  const { api, adminToken, newProduct, settled } = shop
  const place = (
    token: string,
    product: ProductBody,
    quantity: number,
    headers: Readonly<Record<string, string>> = {},
  ) =>
    api.request<OrderBody>('POST', '/orders', {
      token,
      headers,
      body: { items: [{ productId: product.id, quantity }] },
    })
  const stockOf = async ({ id }: ProductBody): Promise<number | undefined> => {
    const { body } = await api.request<{ id: string; stock: number }[]>('POST', '/products/stock', {
      body: { ids: [id] },
    })
    return body[0]?.stock
  }

  t.test('an order takes its stock, and its cancellation gives it back, once', async (t) => {
    const product = await newProduct(10)
    const token = await api.newCustomer()
    const { status, headers, body } = await place(token, product, 4)
    t.match({ status, location: headers.location }, { status: 201, location: `/orders/${body.id}` })
    t.match(body, {
      status: 'pending',
      total: 50,
      items: [{ productId: product.id, quantity: 4, unitPrice: 12.5 }],
    })
    const order = await settled(body.id, token)
    t.same(
      order.history.map((entry) => entry.status),
      ['pending', 'confirmed'],
    )
    t.equal(await stockOf(product), 6)
    const cancellations = await Promise.all(
      Array.from({ length: 8 }, () =>
        api.request<OrderBody>('POST', `/orders/${order.id}/cancel`, {
          token,
          body: { reason: 'changed my mind' },
        }),
      ),
    )
    t.same(new Set(cancellations.map((answer) => answer.status)), new Set([200]))
    await eventually('the stock is back', async () => (await stockOf(product)) === 10)
    const { body: after } = await api.request<OrderBody>('GET', `/orders/${order.id}`, { token })
    t.same(
      after.history.map((entry) => entry.status),
      ['pending', 'confirmed', 'canceled'],
    )
  })

  t.test('two buyers of the last unit: one is confirmed, one is not', async (t) => {
    const product = await newProduct(1)
    const buyers = await Promise.all([api.newCustomer(), api.newCustomer()])
    const placed = await Promise.all(buyers.map((token) => place(token, product, 1)))
    const statuses = await Promise.all(
      placed.map(async ({ status, body }, index) =>
        status === 201 ? (await settled(body.id, buyers[index] ?? '')).status : 'rejected',
      ),
    )
    t.same(statuses.sort(), ['confirmed', 'rejected'])
    t.equal(await stockOf(product), 0)
    const late = await place(buyers[0], product, 1)
    t.match(late, { status: 409, body: { code: 'order.out-of-stock' } })
  })

  t.test('the same Idempotency-Key sixteen times at once is one order', async (t) => {
    const product = await newProduct(100)
    const token = await api.newCustomer()
    const all = await Promise.all(
      Array.from({ length: 16 }, () => place(token, product, 2, { 'idempotency-key': 'checkout-7' })),
    )
    t.same(new Set(all.map(({ status }) => status)), new Set([201]))
    t.equal(new Set(all.map(({ body }) => body.id)).size, 1)
    await settled(all[0]?.body.id ?? '', token)
    t.equal(await stockOf(product), 98)
    t.match(await place(token, product, 3, { 'idempotency-key': 'checkout-7' }), {
      status: 422,
      body: { code: 'order.idempotency-key-reused' },
    })
  })

  t.test('whoever prefers to wait gets the decision', async (t) => {
    const product = await newProduct(5)
    const token = await api.newCustomer()
    const answer = await place(token, product, 1, { prefer: 'wait=10' })
    t.match(answer, { status: 201, body: { status: 'confirmed' } })
    t.match(answer.headers['preference-applied'], /wait/)
  })

  t.test(
    'whoever has been told of a decision, or has changed a product, sees it in the catalogue',
    async (t) => {
      const product = await newProduct(9)
      const token = await api.newCustomer()
      const shown = async (): Promise<readonly number[]> => {
        const one = await api.request<ProductBody>('GET', `/products/${product.id}`)
        const page = await api.request<{ data: ProductBody[] }>('GET', '/products?limit=20')
        const listed = page.body.data.find(({ id }) => id === product.id)
        return [one.body.stock, listed?.stock ?? -1]
      }
      t.same(await shown(), [9, 9])
      await place(token, product, 1, { prefer: 'wait=10' })
      t.same(await shown(), [8, 8], 'by waiting')
      const { body } = await place(token, product, 2)
      await settled(body.id, token)
      t.same(await shown(), [6, 6], 'by asking')
      const delivery = { token: adminToken, body: { quantity: 4, reason: 'delivery' } }
      await api.request('POST', `/products/${product.id}/stock`, delivery)
      t.same(await shown(), [10, 10], 'by doing')
      await api.request('POST', `/orders/${body.id}/cancel`, { token, body: {} })
      await eventually('the canceled units are shown', async () => (await shown()).every((n) => n === 12))
    },
  )

  t.test('an admin moves an order along its lawful states', async (t) => {
    const product = await newProduct(5)
    const token = await api.newCustomer()
    const { body } = await place(token, product, 1, { prefer: 'wait=10' })
    const patch = (status: string, by = adminToken) =>
      api.request<OrderBody>('PATCH', `/orders/${body.id}`, {
        token: by,
        body: { status, ...(status === 'paid' ? { reference: `bank ${body.id}` } : {}) },
      })
    t.equal((await patch('paid', token)).status, 403)
    t.match(await patch('completed'), { status: 409 })
    for (const status of ['paid', 'shipped', 'completed'])
      t.match(await patch(status), { status: 200, body: { status } })
    t.match(await api.request('POST', `/orders/${body.id}/cancel`, { token, body: {} }), { status: 409 })
  })

  t.test("nobody sees another's order; an admin lists everybody's", async (t) => {
    const product = await newProduct(5)
    const [owner, stranger] = await Promise.all([api.newCustomer(), api.newCustomer()])
    const { body } = await place(owner, product, 1)
    t.equal((await api.request('GET', `/orders/${body.id}`, { token: stranger })).status, 404)
    t.equal((await api.request('GET', `/orders/${body.id}`)).status, 401)
    const all = await api.request<{ data: OrderBody[] }>('GET', '/orders?limit=100', { token: adminToken })
    t.ok(all.body.data.some(({ id }) => id === body.id))
    const own = await api.request<{ data: OrderBody[] }>('GET', '/orders', { token: stranger })
    t.same(own.body.data, [])
  })

  t.test('a deleted product keeps its orders and cannot be ordered', async (t) => {
    const product = await newProduct(5)
    const token = await api.newCustomer()
    const { body } = await place(token, product, 1, { prefer: 'wait=10' })
    t.equal((await api.request('DELETE', `/products/${product.id}`, { token: adminToken })).status, 204)
    t.match(await place(token, product, 1), { status: 400, body: { code: 'order.unknown-product' } })
    t.match(await api.request('GET', `/orders/${body.id}`, { token }), {
      status: 200,
      body: { status: 'confirmed' },
    })
  })

  t.test('where a request came from is known to the last event that it causes', async (t) => {
    const nats = await connect(natsOptions(shop.nats.url))
    t.teardown(() => nats.close())
    const manager = await jetstreamManager(nats)
    const told = (stream: string, subject: string, orderId: string) =>
      eventually(`${subject} of ${orderId}`, async () => {
        const message = await manager.streams.getMessage(stream, { last_by_subj: subject }).catch(() => null)
        if (message?.header.get('ce-subject') !== orderId) return false
        const header = (name: string): string => message.header.get(name)
        return {
          ...{ id: header('ce-id'), correlationId: header('ce-correlationid') },
          ...{ causationId: header('ce-causationid'), traceparent: header('traceparent') },
        }
      })
    const request = (id: string) => ({
      'x-request-id': id,
      traceparent: `00-${Buffer.from(id).toString('hex').padEnd(32, '0')}-00f067aa0ba902b7-01`,
    })
    const origin = (id: string) => ({ correlationId: id, traceparent: request(id).traceparent })

    const product = await newProduct(5)
    const token = await api.newCustomer()
    const { body } = await place(token, product, 1, { ...request('placing'), prefer: 'wait=10' })
    const created = await told('ORDERS', 'order.created', body.id)
    t.match(created, { ...origin('placing'), causationId: '' })
    const causedByCreated = { ...origin('placing'), causationId: created.id }
    t.match(await told('STOCK', 'stock.reserved', body.id), causedByCreated)
    t.match(await told('ORDERS', 'order.confirmed', body.id), causedByCreated)

    const headers = request('canceling')
    await api.request('POST', `/orders/${body.id}/cancel`, { token, headers, body: {} })
    const canceled = await told('ORDERS', 'order.canceled', body.id)
    t.match(canceled, origin('canceling'))
    t.match(await told('STOCK', 'stock.released', body.id), {
      ...origin('canceling'),
      causationId: canceled.id,
    })
  })

  t.test('after all this the invariants hold', async () => {
    await shop.auditIsClean()
  })
}
