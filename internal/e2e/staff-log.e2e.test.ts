import t from 'tap'
import { openOneProcess } from './testing/shop.ts'

// What staff do is in the log, with what was before and after; that every route of theirs is covered is a part of the
// authorization matrix.

t.setTimeout(120_000)
const shop = await openOneProcess(t)
const { api, adminToken: token } = shop
const customer = await api.newCustomer()
const { body: me } = await api.request<{ id: string }>('GET', '/users/me', { token })

type Entry = {
  readonly at: string
  readonly what: string
  readonly subjectId: string
  readonly actor: { readonly kind: string; readonly id: string }
  readonly before: Readonly<Record<string, unknown>>
  readonly after: Readonly<Record<string, unknown>>
  readonly reason: string
  readonly address: string
  readonly requestId: string
}
type Page = { readonly data: readonly Entry[]; readonly nextCursor: string | null }

const log = async (query: string): Promise<Page> =>
  (await api.request<Page>('GET', `/admin/log?${query}`, { token })).body

t.test('a change of a product shows what was before and after, who, why, from where and when', async (t) => {
  const product = await shop.newProduct(5)
  await api.request('PATCH', `/products/${product.id}`, { token, body: { name: 'Cup' } })
  const booked = await api.request('POST', `/products/${product.id}/stock`, {
    token,
    body: { quantity: -2, reason: 'broken' },
  })
  await api.request('DELETE', `/products/${product.id}`, { token })
  const { data } = await log(`actor=${me.id}`)
  const own = data.filter(({ subjectId }) => subjectId === product.id)
  t.match(own, [
    { what: 'product.deleted', before: { name: 'Cup' } },
    {
      ...{ what: 'stock.adjusted', before: { available: 5 }, after: { available: 3 }, reason: 'broken' },
      ...{ actor: { kind: 'user', id: me.id }, address: '127.0.0.1' },
      requestId: booked.headers['x-request-id'],
    },
    { what: 'product.updated', after: { name: 'Cup' } },
    { what: 'product.created', after: { stock: 5 } },
  ])
  t.same(Object.keys(own[2]!.after), ['name'], 'only what changed')
  t.same(own[0]!.after, {})
})

t.test('filters and pages', async (t) => {
  for (let n = 0; n < 3; n++) await shop.newProduct(1)
  const first = await log('what=product.created&limit=2')
  t.equal(first.data.length, 2)
  const second = await log(`what=product.created&limit=2&cursor=${first.nextCursor}`)
  t.ok(second.data.every(({ at }) => at <= first.data[1]!.at))
  t.same(
    second.data.filter(({ requestId }) => first.data.some((seen) => seen.requestId === requestId)),
    [],
  )
  t.ok((await log('what=product.')).data.length > 3, 'a name may be the beginning of one')
  t.same((await log(`actor=${shopper.id}`)).data, [])
  t.same((await log('from=2999-01-01T00:00:00Z')).data, [])
  t.equal((await api.request('GET', '/admin/log?what=', { token })).status, 400)
})

const { body: shopper } = await api.request<{ id: string }>('GET', '/users/me', { token: customer })

t.test('what customers do is not logged, and what an admin does for them is', async (t) => {
  const product = await shop.newProduct(5)
  const order = async (): Promise<string> => {
    const { body } = await api.request<{ id: string }>('POST', '/orders', {
      token: customer,
      body: { items: [{ productId: product.id, quantity: 1 }] },
    })
    await shop.settled(body.id, customer)
    return body.id
  }
  const [own, theirs] = [await order(), await order()]
  await api.request('POST', `/orders/${own}/cancel`, { token: customer, body: { reason: 'no' } })
  await api.request('POST', `/orders/${theirs}/cancel`, { token, body: { reason: 'asked by phone' } })
  const { data } = await log('what=order.')
  t.same(
    data.filter(({ subjectId }) => subjectId === own),
    [],
  )
  t.match(
    data.find(({ subjectId, what }) => subjectId === theirs && what === 'order.canceled'),
    { actor: { id: me.id }, after: { status: 'canceled' }, reason: 'asked by phone' },
  )
})

t.test('goods that go and come back', async (t) => {
  const product = await shop.newProduct(5)
  type Order = { readonly id: string; readonly items: readonly { readonly lineId: string }[] }
  const { body } = await api.request<Order>('POST', '/orders', {
    token: customer,
    headers: { prefer: 'wait=10' },
    body: { items: [{ productId: product.id, quantity: 1 }] },
  })
  const lines = [{ lineId: body.items[0]!.lineId, quantity: 1 }]
  await api.request('POST', `/orders/${body.id}/shipments`, { token, body: { lines, carrier: 'Post' } })
  const back = await api.request<{ id: string }>('POST', `/orders/${body.id}/returns`, {
    token: customer,
    body: { lines: [{ ...lines[0], reason: 'too small' }] },
  })
  await api.request('PATCH', `/returns/${back.body.id}`, { token, body: { status: 'approved' } })
  t.match((await log('what=return.approved')).data, [
    { subjectId: back.body.id, before: { status: 'requested' }, after: { status: 'approved' } },
  ])
  t.match((await log('what=shipment.shipped')).data, [{ after: { orderId: body.id, status: 'shipped' } }])
})

t.test('rights', async (t) => {
  await api.request('PATCH', `/admin/users/${shopper.id}`, { token, body: { blocked: true } })
  await api.request('PATCH', `/admin/users/${shopper.id}`, { token, body: { blocked: false, role: 'admin' } })
  const { data } = await log('what=user.')
  t.same(data.map(({ what }) => what).sort(), ['user.blocked', 'user.role_changed', 'user.unblocked'])
  t.match(
    data.find(({ what }) => what === 'user.role_changed'),
    { subjectId: shopper.id, before: { role: 'customer' }, after: { role: 'admin' } },
  )
})

t.test('the audit finds an entry for each event, and the other way round', () => shop.auditIsClean())
