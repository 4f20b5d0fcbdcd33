import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import {
  openFakeTwilio,
  refused,
  taken,
  twilioSid,
  twilioToken,
} from '../notification/testing/fake-twilio.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { address, type Order } from './testing/buying.ts'
import { payingAt } from './testing/paying.ts'
import { openOneProcess } from './testing/shop.ts'

// Customers get text messages, each once, and what may have been sent is sent again by staff only.

t.setTimeout(360_000)
const twilio = await openFakeTwilio(t)
const shop = await openOneProcess(t, {
  ...{ NOTIFY_BY: 'sms', SHOP_URL: 'https://shop.example' },
  ...{ TWILIO_ACCOUNT_SID: twilioSid, TWILIO_AUTH_TOKEN: twilioToken },
  ...{ TWILIO_FROM: '+15005550006', TWILIO_URL: twilio.url },
})
const { api, adminToken: admin } = shop
const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
const paying = await payingAt(shop, paymentSandboxUrl)
const product = await shop.newProduct(100)

type Logged = {
  readonly id: string
  readonly kind: string
  readonly orderId: string
  readonly status: string
  readonly failure?: string
  readonly attempts: number
}

const logged = (orderId: string, kind: string, status: string, attempts = 0): Promise<Logged> =>
  eventually(`${kind} is ${status}`, async () => {
    const path = `/admin/notifications?channel=sms&status=${status}&limit=100`
    // A busy machine may refuse an answer now and then.
    const { body } = await api.request<{ data?: readonly Logged[] }>('GET', path, { token: admin })
    return body.data?.find(
      (each) => each.orderId === orderId && each.kind === kind && each.attempts >= attempts,
    )
  })

async function bought(phone: string, changes: object = {}) {
  const token = await api.newCustomer()
  const { cart } = await paying.filled({ token }, product)
  const deliveryAddress = { ...address, ...(phone === '' ? {} : { phone }) }
  const { status, body } = await paying.buy({ token }, cart, { deliveryAddress, ...changes })
  t.equal(status, 201)
  return { token, order: body.order!, number: body.order!.id.slice(-8).toUpperCase() }
}

async function ship({ id, items }: Order, quantity = 1): Promise<string> {
  const lines = [{ lineId: items[0]!.lineId, quantity }]
  const body = { lines, carrier: 'Post', trackingNumber: 'T-17' }
  const answer = await api.request<{ id: string }>('POST', `/orders/${id}/shipments`, { token: admin, body })
  t.equal(answer.status, 201)
  return answer.body.id
}

t.test('a parcel is announced and its arrival told, each once, at the number of the address', async (t) => {
  const { order, number } = await bought('07700 900101')
  const shipment = await ship(order)
  await logged(order.id, 'order.shipped', 'sent')
  await api.request('PATCH', `/shipments/${shipment}`, { token: admin, body: { status: 'delivered' } })
  await logged(order.id, 'order.delivered', 'sent')
  t.same(twilio.to('+447700900101'), [
    `Tillstream: A parcel of your order ${number} is on its way. Post T-17 https://shop.example/orders/${order.id}`,
    `Tillstream: A parcel of your order ${number} was delivered. https://shop.example/orders/${order.id}`,
  ])
})

t.test('a payment that failed is told to whoever pays, not where the parcel goes', async (t) => {
  const billingAddress = { ...address, phone: '+447700900103' }
  const declined = { paymentToken: 'pm_card_chargeDeclined', billingAddress }
  const { order, number } = await bought('+447700900102', declined)
  await logged(order.id, 'order.payment-failed', 'sent')
  t.match(twilio.to('+447700900103'), [`Tillstream: Your order ${number} could not be paid.`])
  t.same(twilio.to('+447700900102'), [])
})

t.test('what may have been sent is shown, and sent again by staff only', async (t) => {
  twilio.answerWith((_response, request) => request.socket.resetAndDestroy())
  const { order } = await bought('+447700900104')
  await ship(order)
  const { id } = await logged(order.id, 'order.shipped', 'unknown')
  twilio.answerWith(taken)
  const other = await bought('+447700900105')
  await ship(other.order)
  await logged(other.order.id, 'order.shipped', 'sent')
  t.equal(twilio.to('+447700900104').length, 1, 'it stays with one attempt while others go')
  t.equal((await api.request('POST', `/admin/notifications/${id}/retry`, { token: admin })).status, 200)
  await logged(order.id, 'order.shipped', 'sent')
  t.equal(twilio.to('+447700900104').length, 2)
})

t.test('a number that Twilio refuses is not tried again, and a busy Twilio is', async (t) => {
  twilio.answerWith(refused(400, 21610))
  const { order } = await bought('+447700900106')
  await ship(order)
  t.match(await logged(order.id, 'order.shipped', 'failed'), { failure: 'twilio-21610', attempts: 1 })
  twilio.answerWith(refused(429, 20429, { 'retry-after': '1' }))
  const busy = await bought('+447700900107')
  await ship(busy.order)
  const waiting = await logged(busy.order.id, 'order.shipped', 'queued', 1)
  t.equal(waiting.failure, 'twilio-20429')
  twilio.answerWith(taken)
  t.ok((await logged(busy.order.id, 'order.shipped', 'sent')).attempts > 1)
})

t.test('nobody gets one without a number of E.164, or who has switched it off', async (t) => {
  const without = await bought('')
  await ship(without.order)
  t.match(await logged(without.order.id, 'order.shipped', 'skipped'), { failure: 'no-number' })
  const token = await api.newCustomer()
  await api.request('PATCH', '/users/me', { token, body: { phone: 'ask my mother' } })
  const body = { items: [{ productId: product.id, quantity: 1 }] }
  const placed = await api.request<Order>('POST', '/orders', { token, body })
  await shop.settled(placed.body.id, token)
  const card = { paymentMethod: 'card', paymentToken: 'pm_card_chargeDeclined' }
  await api.request('POST', `/orders/${placed.body.id}/payments`, { token, body: card })
  const skipped = await logged(placed.body.id, 'order.payment-failed', 'skipped')
  t.equal(skipped.failure, 'number-not-e164')

  const quiet = await bought('+447700900108')
  const off = { preferences: [{ kind: 'order.shipped', channel: 'sms', enabled: false }] }
  const preferences = '/users/me/notification-preferences'
  t.equal((await api.request('PUT', preferences, { token: quiet.token, body: off })).status, 200)
  await ship(quiet.order)
  t.match(await logged(quiet.order.id, 'order.shipped', 'skipped'), { failure: 'muted' })
  t.same(twilio.to('+447700900108'), [])
})

t.test('after all this the invariants hold', async () => {
  await shop.auditIsClean()
})
