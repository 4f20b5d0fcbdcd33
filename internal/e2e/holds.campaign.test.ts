import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import type { OrderBody } from './testing/api.ts'
import { openOneProcess } from './testing/shop.ts'

const shop = await openOneProcess(t, { ORDER_HOLD_SECONDS: '1', MAX_UNPAID_UNITS_PER_ACCOUNT: '5' })
const { api, adminToken } = shop

async function place(token: string, productId: string, quantity: number) {
  return api.request<OrderBody & { holdUntil?: string; code?: string }>('POST', '/orders', {
    token,
    headers: { prefer: 'wait=10' },
    body: { items: [{ productId, quantity }] },
  })
}

t.test('an order that nobody pays for expires, and its stock is there again', async (t) => {
  const [token, product] = [await api.newCustomer(), await shop.newProduct(3)]
  const { body: order } = await place(token, product.id, 3)
  t.match(order, { status: 'confirmed', holdUntil: String })
  const stock = async () =>
    (await api.request<{ stock: number }>('GET', `/products/${product.id}`, { token })).body.stock
  t.equal(await stock(), 0)
  const expired = await eventually(
    'the order has expired',
    async () => {
      const { body } = await api.request<OrderBody>('GET', `/orders/${order.id}`, { token })
      return body.status === 'expired' && body
    },
    60_000,
  )
  t.same(
    expired.history.map(({ status }) => status),
    ['pending', 'confirmed', 'expired'],
  )
  t.notOk('holdUntil' in expired)
  await eventually('the stock is back', async () => (await stock()) === 3, 60_000)
  const paid = await api.request('PATCH', `/orders/${order.id}`, {
    token: adminToken,
    body: { status: 'paid', reference: 'bank-late' },
  })
  t.match(paid, { status: 409, body: { code: 'order.expired' } })
})

t.test('a paid order does not expire', async (t) => {
  const [token, product] = [await api.newCustomer(), await shop.newProduct(2)]
  const { body: order } = await place(token, product.id, 1)
  const body = { status: 'paid', reference: 'bank-1' }
  await api.request('PATCH', `/orders/${order.id}`, { token: adminToken, body })
  const { body: other } = await place(token, product.id, 1)
  await eventually(
    'the other order has expired',
    async () => {
      const { body } = await api.request<OrderBody>('GET', `/orders/${other.id}`, { token })
      return body.status === 'expired'
    },
    60_000,
  )
  t.match(await api.request('GET', `/orders/${order.id}`, { token }), { body: { status: 'paid' } })
})

t.test('an account has no more unpaid units than it may', async (t) => {
  const [token, product] = [await api.newCustomer(), await shop.newProduct(100)]
  const answers = await Promise.all(Array.from({ length: 8 }, () => place(token, product.id, 2)))
  t.equal(answers.filter(({ status }) => status === 201).length, 2)
  t.match(
    answers.find(({ status }) => status !== 201),
    { status: 409, body: { code: 'order.too-many-unpaid', max: 5 } },
  )
})
