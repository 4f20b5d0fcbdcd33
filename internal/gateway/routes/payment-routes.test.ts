import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { fakeServices, ids, payment } from '../testing/fake-services.ts'
import { testGateway } from '../testing/test-gateway.ts'

const shown = {
  ...{ id: ids.payment, orderId: ids.order, status: 'captured', method: 'card', currency: 'USD' },
  ...{ amount: 1_999.98, captured: 1_999.98, refunded: 0 },
  ...{ createdAt: payment.createdAt, updatedAt: payment.updatedAt },
}

t.test('a payment is shown in decimals, with what its customer has to do', async (t) => {
  const { send } = await testGateway(t)
  t.strictSame((await send(`GET /payments/${ids.payment}`, { as: 'customer' })).json(), shown)
  const waits = { ...payment, status: 'action_required', actionUrl: 'http://bank/pay' }
  const getPayment = async () => ({ payment: waits })
  const other = await testGateway(t, fakeServices({ payments: { getPayment } }))
  t.match((await other.send(`GET /payments/${ids.payment}`, { as: 'customer' })).json(), {
    action: { type: 'redirect', url: 'http://bank/pay' },
  })
})

t.test('why a payment failed is shown', async (t) => {
  const failed = { ...payment, status: 'failed', failureCode: 'declined', failureMessage: 'no' }
  const { send } = await testGateway(
    t,
    fakeServices({ payments: { getPayment: async () => ({ payment: failed }) } }),
  )
  t.match((await send(`GET /payments/${ids.payment}`, { as: 'customer' })).json(), {
    failure: { code: 'declined', message: 'no' },
  })
})

t.test('amounts are counted in minor units of the payment', async (t) => {
  const { send, asked } = await testGateway(t)
  const refund = await send(`POST /payments/${ids.payment}/refunds`, {
    as: 'admin',
    body: { amount: 12.34, reason: 'late' },
  })
  t.equal(refund.statusCode, 201)
  t.match(asked.at(-1), {
    method: 'refundPayment',
    request: { amountMinor: '1234', lines: [], reason: 'late' },
  })
  await send(`POST /payments/${ids.payment}/capture`, { as: 'admin' })
  t.match(asked.at(-1), { method: 'capturePayment', request: { id: ids.payment, amountMinor: undefined } })
  const tooFine = await send(`POST /payments/${ids.payment}/capture`, {
    as: 'admin',
    body: { amount: 1.234 },
  })
  t.match(tooFine.json(), { status: 400, code: 'money.invalid' })
})

t.test('a webhook is handed on byte for byte, whatever its media type', async (t) => {
  const { send, asked } = await testGateway(t)
  for (const [type, body] of [
    ['application/json', '{ "a": 1,\n  "broken": '],
    ['application/x-www-form-urlencoded', 'id=tr_1'],
  ] as const) {
    const answer = await send('POST /webhooks/stripe', {
      body,
      headers: { 'content-type': type, 'stripe-signature': 't=1,v1=x' },
    })
    t.equal(answer.statusCode, 200)
    const { request } = asked.at(-1) as { request: { provider: string; headers: object; body: string } }
    t.equal(Buffer.from(request.body, 'base64').toString(), body)
    t.match(request, { provider: 'stripe', headers: { 'stripe-signature': 't=1,v1=x' } })
  }
})

for (const [kind, code, status] of [
  ['invalid', 'webhook.bad-signature', 400],
  ['not-found', 'webhook.unknown-provider', 404],
  ['unavailable', 'database.unavailable', 503],
] as const) {
  t.test(`a webhook that is not stored is answered ${status}`, async (t) => {
    const receiveWebhook = async (): Promise<never> => Promise.reject(new Refusal(kind, code, 'no'))
    const { send } = await testGateway(t, fakeServices({ payments: { receiveWebhook } }))
    const answer = await send('POST /webhooks/stripe', {
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    t.match(answer.json(), { status, code })
  })
}

t.test('the methods that take an amount are asked for in minor units of its currency', async (t) => {
  const { send, asked } = await testGateway(t)
  const all = await send('GET /payment-methods')
  t.strictSame(all.json(), { data: [{ id: 'card', name: 'Card', kind: 'card' }] })
  t.strictSame(asked.at(-1)?.request, {})
  await send('GET /payment-methods?amount=0.3')
  t.strictSame(asked.at(-1)?.request, { amountMinor: '30', currency: 'USD' })
  await send('GET /payment-methods?amount=300&currency=JPY')
  t.strictSame(asked.at(-1)?.request, { amountMinor: '300', currency: 'JPY' })
  t.equal((await send('GET /payment-methods?amount=0.301')).statusCode, 400)
  t.equal((await send('GET /payment-methods?currency=usd')).statusCode, 400)
})
