import { type Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import type { OrderBody } from './api.ts'
import type { Shop } from './shop.ts'
import { answerPage } from './sandbox.ts'

export const revivingSettings = { ORDER_HOLD_SECONDS: '6', SWEEP_AFTER_SECONDS: '1' }

/** The hold of an order ends, its payment is called back, and the bank approves all the same. */
export async function revivingSuite(t: Test, shop: Shop, sandboxUrl: string): Promise<void> {
  const { api } = shop
  const sandbox = sandboxUrl
  const token = await api.newCustomer()
  await fetch(`${sandbox}/control`, { method: 'PUT', body: JSON.stringify({ lateCapture: 1 }) })

  type Payment = { readonly id: string; readonly status: string; readonly action?: { readonly url: string } }
  type Order = OrderBody & { readonly paymentStatus: string }

  const orderNow = async (id: string): Promise<Order> =>
    (await api.request<Order>('GET', `/orders/${id}`, { token })).body

  const becomes = (id: string, status: string, paymentStatus: string) =>
    eventually(
      `the order becomes ${status} and ${paymentStatus}`,
      async () => {
        const order = await orderNow(id)
        return order.status === status && order.paymentStatus === paymentStatus && order
      },
      60_000,
    )

  /** An order of two units whose customer is at the page of his bank when its hold ends. */
  async function expiredAtTheBank(productId: string) {
    const { body: order } = await api.request<Order>('POST', '/orders', {
      token,
      headers: { prefer: 'wait=10' },
      body: { items: [{ productId, quantity: 2 }] },
    })
    t.equal(order.status, 'confirmed')
    const { body } = await api.request<Payment>('POST', `/orders/${order.id}/payments`, {
      token,
      body: {
        ...{ paymentMethod: 'card', paymentToken: 'pm_card_threeDSecure2Required' },
        returnUrl: 'http://localhost:3000/thanks',
      },
    })
    const page = await eventually('the customer is sent to his bank', async () => {
      return (await api.request<Payment>('GET', `/payments/${body.id}`, { token })).body.action?.url
    })
    await eventually('it has expired', async () => (await orderNow(order.id)).status === 'expired', 60_000)
    return { id: order.id, paymentId: body.id, approve: () => answerPage(page, 'approve') }
  }

  const stockOf = async (id: string): Promise<number> =>
    (await api.request<{ stock: number }>('GET', `/products/${id}`, { token })).body.stock

  /** What the provider believes it has taken and not given back, of one payment. */
  async function keptBy(paymentId: string): Promise<number> {
    type Charge = { readonly paymentId: string | null; readonly captured: number; readonly refunded: number }
    const { data } = (await (await fetch(`${sandbox}/control/charges`)).json()) as { readonly data: Charge[] }
    return data
      .filter((charge) => charge.paymentId === paymentId)
      .reduce((sum, { captured, refunded }) => sum + captured - refunded, 0)
  }

  t.test('late money revives an order whose stock is left', async (t) => {
    const product = await shop.newProduct(3)
    const { id, paymentId, approve } = await expiredAtTheBank(product.id)
    await eventually('its stock is back', async () => (await stockOf(product.id)) === 3)
    await approve()
    const order = await becomes(id, 'paid', 'paid')
    t.strictSame(
      order.history.map(({ status }) => status),
      ['pending', 'confirmed', 'expired', 'paid'],
    )
    t.equal(await stockOf(product.id), 1)
    t.equal(await keptBy(paymentId), 2_500)
    const { status } = await api.request('POST', `/orders/${id}/cancel`, { token, body: {} })
    t.equal(status, 200)
    await becomes(id, 'canceled', 'refunded')
    await eventually('its second hold is back', async () => (await stockOf(product.id)) === 3)
    await eventually('and the money', async () => (await keptBy(paymentId)) === 0)
  })

  t.test('late money goes back in full at once where no stock is left', async (t) => {
    const product = await shop.newProduct(3)
    const { id, paymentId, approve } = await expiredAtTheBank(product.id)
    await eventually('its stock is back', async () => (await stockOf(product.id)) === 3)
    const { body: other } = await api.request<Order>('POST', '/orders', {
      token,
      headers: { prefer: 'wait=10' },
      body: { items: [{ productId: product.id, quantity: 2 }] },
    })
    await api.request('PATCH', `/orders/${other.id}`, {
      token: shop.adminToken,
      body: { status: 'paid', reference: 'bank-1' },
    })
    await approve()
    const order = await becomes(id, 'expired', 'refunded')
    t.equal(order.history.length, 3)
    await eventually('the provider has given it back', async () => (await keptBy(paymentId)) === 0)
    t.equal(await stockOf(product.id), 1)
    t.match(await orderNow(other.id), { status: 'paid' })
  })

  t.test('the audit finds all well', () => shop.auditIsClean())
}
