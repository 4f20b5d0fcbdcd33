import { type Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import type { OrderBody } from './api.ts'
import type { Shop } from './shop.ts'

/** Money by hand, and money that follows goods, at the sandbox. */
export async function staffMoneySuite(t: Test, shop: Shop): Promise<void> {
  const { api, adminToken: admin } = shop
  const token = await api.newCustomer()
  const product = await shop.newProduct(1_000)

  type Payment = { readonly id: string; readonly amount: number; readonly refunded: number }
  type Paid = { readonly status: string; readonly paymentStatus: string }
  type Refund = {
    readonly id: string
    readonly orderId: string
    readonly awaits?: string
    readonly amount: number
  }

  async function newOrder(quantity: number): Promise<OrderBody> {
    const { body } = await api.request<OrderBody>('POST', '/orders', {
      token,
      body: { items: [{ productId: product.id, quantity }] },
    })
    await shop.settled(body.id, token)
    return body
  }

  const asAdmin = <Body>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) =>
    api.request<Body>(method, path, { token: admin, ...(body ? { body } : {}) })
  const pay = (id: string, paymentToken = 'pm_card_visa') =>
    api.request<Payment>('POST', `/orders/${id}/payments`, {
      token,
      body: { paymentMethod: 'card', paymentToken },
    })
  const becomes = (id: string, wanted: Partial<Paid>) =>
    eventually(`the order becomes ${JSON.stringify(wanted)}`, async () => {
      const { body } = await api.request<Paid>('GET', `/orders/${id}`, { token })
      return Object.entries(wanted).every(([name, value]) => body[name as keyof Paid] === value)
    })
  const isBack = (id: string, amount: number) =>
    eventually(`${amount} went back`, async () => {
      const { body } = await api.request<Payment>('GET', `/payments/${id}`, { token })
      return Math.abs(body.refunded - amount) < 0.005
    })
  const refundOf = (orderId: string) =>
    eventually('the refund waits for staff', async () => {
      const { body } = await asAdmin<{ data: Refund[] }>('GET', '/admin/refunds?limit=100')
      return body.data.find((refund) => refund.orderId === orderId && refund.awaits === 'staff')
    })

  t.test('what was short and what came back is refunded by itself, to the whole', async (t) => {
    const order = await newOrder(4)
    const [line] = order.items
    const { body: payment } = await pay(order.id)
    await becomes(order.id, { status: 'paid' })
    const unit = payment.amount / 4
    const lines = [{ lineId: line!.lineId, quantity: 3, short: true }]
    t.match(await asAdmin('POST', `/orders/${order.id}/shipments`, { lines, carrier: 'Post' }), {
      status: 201,
    })
    await isBack(payment.id, unit)
    await becomes(order.id, { status: 'shipped', paymentStatus: 'partially_refunded' })
    for (const back of [1, 2]) {
      const wanted = { lines: [{ lineId: line!.lineId, quantity: back }] }
      const { body } = await api.request<{ id: string }>('POST', `/orders/${order.id}/returns`, {
        token,
        body: wanted,
      })
      const goods = [{ ...wanted.lines[0], condition: 'resellable' }]
      for (const step of [
        { status: 'approved' },
        { status: 'received', lines: goods },
        { status: 'refunded' },
      ])
        t.match(await asAdmin('PATCH', `/returns/${body.id}`, step), { status: 200 })
      t.match(await asAdmin('PATCH', `/returns/${body.id}`, { status: 'refunded' }), { status: 200 }, 'again')
      await isBack(payment.id, unit * (back === 1 ? 2 : 4))
      await eventually('the return says so', async () => {
        type Returns = { data: { id: string; money?: string }[] }
        const all = await api.request<Returns>('GET', `/orders/${order.id}/returns`, { token })
        return all.body.data.find(({ id }) => id === body.id)?.money === 'ordered'
      })
    }
    await becomes(order.id, { paymentStatus: 'refunded' })
  })

  t.test('what was short before anybody paid is not charged', async (t) => {
    const order = await newOrder(2)
    const lines = [{ lineId: order.items[0]!.lineId, quantity: 1, short: true }]
    await asAdmin('POST', `/orders/${order.id}/shipments`, { lines, carrier: 'Post' })
    const { body } = await pay(order.id)
    await becomes(order.id, { status: 'shipped', paymentStatus: 'paid' })
    const other = await newOrder(1)
    t.equal((await pay(other.id)).body.amount, body.amount, 'one unit')
  })

  t.test('money at the bank makes an order paid, and goes back by hand', async (t) => {
    const order = await newOrder(1)
    const reference = `bank ${order.id}`
    const paid = { status: 'paid', reference }
    t.match(await asAdmin('PATCH', `/orders/${order.id}`, { status: 'paid' }), {
      status: 400,
      body: { code: 'payment.reference-missing' },
    })
    for (let n = 0; n < 2; n++)
      t.match(await asAdmin('PATCH', `/orders/${order.id}`, paid), {
        status: 200,
        body: { status: 'paid', paymentStatus: 'paid' },
      })
    t.match(await asAdmin('PATCH', `/orders/${order.id}`, { ...paid, reference: 'another' }), {
      status: 409,
      body: { code: 'payment.nothing-due' },
    })
    const other = await newOrder(1)
    t.match(await asAdmin('PATCH', `/orders/${other.id}`, paid), {
      status: 409,
      body: { code: 'payment.reference-used' },
    })
    t.match(await pay(order.id), { status: 409, body: { code: 'payment.nothing-due' } })
    await api.request('POST', `/orders/${order.id}/cancel`, { token, body: {} })
    const refund = await refundOf(order.id)
    t.match(await asAdmin('POST', `/refunds/${refund.id}/settle`, { reference: `back ${order.id}` }), {
      status: 200,
      body: { status: 'settled_manually' },
    })
    await becomes(order.id, { status: 'canceled', paymentStatus: 'refunded' })
  })

  t.test('an invoice that is paid after the parcel has left', async () => {
    const order = await newOrder(1)
    await asAdmin('PATCH', `/orders/${order.id}`, { status: 'shipped' })
    await asAdmin('PATCH', `/orders/${order.id}`, { status: 'paid', reference: `bank ${order.id}` })
    await becomes(order.id, { status: 'shipped', paymentStatus: 'paid' })
  })

  t.test('a refund that fails at the provider waits for staff', async (t) => {
    const order = await newOrder(1)
    const { body: payment } = await pay(order.id, 'pm_card_refundFail')
    await becomes(order.id, { status: 'paid' })
    await asAdmin('POST', `/payments/${payment.id}/refunds`, { reason: 'late' })
    const { id } = await refundOf(order.id)
    t.match(await asAdmin('POST', `/refunds/${id}/repeat`, {}), {
      status: 200,
      body: { status: 'requested' },
    })
    await eventually('it has failed again', async () => {
      const settled = await asAdmin('POST', `/refunds/${id}/settle`, { reference: `back ${order.id}` })
      return settled.status === 200
    })
    await becomes(order.id, { paymentStatus: 'refunded' })
  })

  t.test('the audit finds all well', () => shop.auditIsClean())
}
