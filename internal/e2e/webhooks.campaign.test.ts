import t from 'tap'
import { openReceiver } from '../notification/testing/receiver.ts'
import { eventually } from '../platform/testing/eventually.ts'
import type { OrderBody } from './testing/api.ts'
import { openOneProcess } from './testing/shop.ts'

// A back end of somebody else hears of what happens in the shop.

t.setTimeout(120_000)
const shop = await openOneProcess(t)
const { api, adminToken: token } = shop

type Hook = { readonly id: string; readonly secret?: string }

t.test('an endpoint hears of an order from its creation on, in order, signed', async (t) => {
  const receiver = await openReceiver(t)
  const body = { url: receiver.url, events: ['order.*', 'product.created'] }
  const idempotencyKey = { 'idempotency-key': 'hook-1' }
  const made = await api.request<Hook>('POST', '/admin/webhooks', { token, body, headers: idempotencyKey })
  t.equal(made.status, 201)
  const { id, secret = '' } = made.body
  t.match(secret, /^whsec_/)
  const repeated = await api.request<Hook>('POST', '/admin/webhooks', {
    ...{ token, body, headers: idempotencyKey },
  })
  t.match(repeated.body, { id })
  t.notOk('secret' in repeated.body, 'it is shown once')

  const product = await api.request<{ id: string }>('POST', '/products', {
    token,
    body: { name: 'Mug', category: 'test', price: 5, stock: 5, sku: 'HOOK-MUG' },
  })
  const buyer = await api.newCustomer()
  const { body: order } = await api.request<OrderBody>('POST', '/orders', {
    token: buyer,
    body: { items: [{ productId: product.body.id, quantity: 1 }] },
  })
  await shop.settled(order.id, buyer)
  await api.request('POST', `/orders/${order.id}/cancel`, { token: buyer, body: {} })
  const ofOrder = () =>
    receiver.received.filter(({ data }) => (data.order as { id?: string } | undefined)?.id === order.id)
  await eventually('all of it has arrived', () => ofOrder().length >= 3)
  t.same(
    ofOrder().map(({ type }) => type),
    ['order.created', 'order.confirmed', 'order.canceled'],
  )
  for (const each of receiver.received) receiver.verify(each, secret)
  await eventually('the product too', () => receiver.received.some(({ type }) => type === 'product.created'))

  const path = `/admin/webhooks/${id}`
  type Page = { readonly data: readonly { readonly id: string; readonly eventId: string }[] }
  await eventually('the log shows them delivered', async () => {
    const { body: page } = await api.request<Page>('GET', `${path}/deliveries?status=delivered`, { token })
    return page.data.length === receiver.received.length
  })
  const { body: page } = await api.request<Page>('GET', `${path}/deliveries`, { token })
  const before = receiver.received.length
  const [last] = page.data
  const again = `${path}/deliveries/${last?.id}/redeliver`
  t.equal((await api.request('POST', again, { token })).status, 200)
  await eventually('one comes again, with the same id', () => receiver.received.length === before + 1)
  t.equal(receiver.received.at(-1)?.id, last?.eventId)
  t.equal((await api.request('DELETE', path, { token })).status, 204)
})

t.test('addresses that must not be called are refused', async (t) => {
  for (const url of [
    'https://user:secret@example.com/',
    'https://example.com:22/',
    'gopher://example.com/',
  ]) {
    const refused = await api.request('POST', '/admin/webhooks', { token, body: { url, events: ['*'] } })
    t.equal(refused.status, 400, url)
    t.match(refused.body, { code: 'webhook.invalid-url' })
  }
})
