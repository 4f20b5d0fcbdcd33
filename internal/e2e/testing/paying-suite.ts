import { type Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Shop } from './shop.ts'

/** Orders are paid for at the sandbox, which speaks Stripe's API; its webhooks come to the gateway. */
export async function payingSuite(t: Test, shop: Shop, sandboxUrl: string): Promise<void> {
  const { api, adminToken: admin } = shop
  const sandbox = sandboxUrl
  const product = await shop.newProduct(100)
  const token = await api.newCustomer()

  type Payment = {
    readonly id: string
    readonly status: string
    readonly amount: number
    readonly action?: { readonly url: string }
    readonly failure?: { readonly code: string }
  }
  type Paid = { readonly status: string; readonly paymentStatus: string }

  async function newOrder(quantity = 2): Promise<string> {
    const { body } = await api.request<{ id: string }>('POST', '/orders', {
      token,
      body: { items: [{ productId: product.id, quantity }] },
    })
    await shop.settled(body.id, token)
    return body.id
  }

  const pay = (orderId: string, body: object, who = token) =>
    api.request<Payment>('POST', `/orders/${orderId}/payments`, { token: who, body })
  const visa = { paymentMethod: 'card', paymentToken: 'pm_card_visa' }

  const becomes = (orderId: string, wanted: Partial<Paid>) =>
    eventually(`the order becomes ${JSON.stringify(wanted)}`, async () => {
      const { body } = await api.request<Paid>('GET', `/orders/${orderId}`, { token })
      return Object.entries(wanted).every(([name, value]) => body[name as keyof Paid] === value)
    })

  async function paymentBecomes(id: string, ...statuses: string[]): Promise<Payment> {
    let payment: Payment | undefined
    await eventually(`the payment becomes ${statuses.join(' or ')}`, async () => {
      payment = (await api.request<Payment>('GET', `/payments/${id}`, { token })).body
      return statuses.includes(payment.status)
    })
    return payment!
  }

  /** What the provider believes it has taken and not given back, of one payment. */
  async function keptBy(paymentId: string): Promise<number> {
    type Charges = {
      readonly data: readonly {
        readonly paymentId: string | null
        readonly captured: number
        readonly refunded: number
      }[]
    }
    const { data } = (await (await fetch(`${sandbox}/control/charges`)).json()) as Charges
    return data
      .filter((charge) => charge.paymentId === paymentId)
      .reduce((sum, { captured, refunded }) => sum + captured - refunded, 0)
  }

  t.test('a card pays for an order, once, whoever asks again', async (t) => {
    const order = await newOrder()
    const first = await pay(order, visa)
    t.equal(first.status, 201)
    t.equal(first.headers.location, `/payments/${first.body.id}`)
    await paymentBecomes(first.body.id, 'captured')
    await becomes(order, { status: 'paid', paymentStatus: 'paid' })
    t.match(await pay(order, visa), { status: 409, body: { code: 'payment.nothing-due' } })
    const { body } = await api.request<{ data: Payment[] }>('GET', `/orders/${order}/payments`, { token })
    t.equal(body.data.length, 1)
    t.ok((await keptBy(first.body.id)) > 0, 'the provider has taken it')
    const stranger = await api.newCustomer()
    t.match(await pay(order, visa, stranger), { status: 404 })
    t.match(await api.request('GET', `/payments/${first.body.id}`, { token: stranger }), { status: 404 })
  })

  t.test('a declined card leaves the order payable, and another one pays', async (t) => {
    const order = await newOrder()
    const declined = await pay(order, { ...visa, paymentToken: 'pm_card_chargeDeclined' })
    t.ok((await paymentBecomes(declined.body.id, 'failed')).failure)
    await becomes(order, { status: 'confirmed', paymentStatus: 'failed' })
    const second = await pay(order, visa)
    t.not(second.body.id, declined.body.id)
    await becomes(order, { status: 'paid' })
    t.equal(await keptBy(declined.body.id), 0)
  })

  t.test('a customer confirms at the page of the provider and comes back', async (t) => {
    const order = await newOrder()
    const body = { paymentMethod: 'card', paymentToken: 'pm_card_threeDSecure2Required' }
    t.match(await pay(order, { ...body, returnUrl: 'https://evil.example/' }), {
      status: 400,
      body: { code: 'request.return-not-allowed' },
    })
    const begun = await pay(order, { ...body, returnUrl: 'http://localhost:3000/thanks' })
    const waiting = await paymentBecomes(begun.body.id, 'action_required')
    await becomes(order, { paymentStatus: 'pending' })
    t.equal((await pay(order, body)).body.id, begun.body.id, 'the open attempt is given again')
    const back = await fetch(`${waiting.action?.url}/approve`, { method: 'POST', redirect: 'manual' })
    t.equal(back.status, 303)
    t.match(back.headers.get('location'), /^http:\/\/localhost:3000\/thanks/)
    await becomes(order, { status: 'paid', paymentStatus: 'paid' })
  })

  t.test(
    'a request that is repeated under its key gets what it has begun, also after it failed',
    async (t) => {
      const order = await newOrder()
      const ask = (paymentToken: string) =>
        api.request<Payment>('POST', `/orders/${order}/payments`, {
          token,
          body: { ...visa, paymentToken },
          headers: { 'idempotency-key': 'pay-1' },
        })
      const first = await ask('pm_card_chargeDeclined')
      await paymentBecomes(first.body.id, 'failed')
      const again = await ask('pm_card_chargeDeclined')
      t.match([again.body.id, again.headers['idempotent-replayed']], [first.body.id, 'true'])
      t.match(await ask('pm_card_visa'), { status: 422 })
    },
  )

  t.test('what is canceled after it was paid goes back in full', async (t) => {
    const order = await newOrder()
    const { body } = await pay(order, visa)
    await becomes(order, { status: 'paid' })
    t.match(await api.request('POST', `/orders/${order}/cancel`, { token, body: {} }), { status: 200 })
    await becomes(order, { status: 'canceled', paymentStatus: 'refunded' })
    await eventually('the provider has given it back', async () => (await keptBy(body.id)) === 0)
    t.match(await pay(order, visa), { status: 409, body: { code: 'order.canceled' } })
  })

  t.test('refunds at once never exceed what was taken', async (t) => {
    const order = await newOrder()
    const { body } = await pay(order, visa)
    const { amount } = await paymentBecomes(body.id, 'captured')
    const part = Math.round(amount * 40) / 100
    const refunds = await Promise.all(
      Array.from({ length: 10 }, () =>
        api.request('POST', `/payments/${body.id}/refunds`, {
          token: admin,
          body: { amount: part, reason: 'a scratch' },
        }),
      ),
    )
    t.equal(refunds.filter(({ status }) => status === 201).length, 2)
    t.equal(refunds.filter(({ status }) => status === 409).length, 8)
    await becomes(order, { paymentStatus: 'partially_refunded' })
  })

  t.test('the audit finds all well', () => shop.auditIsClean())
}
