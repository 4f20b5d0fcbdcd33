import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { newId } from '../platform/new-id.ts'
import type { OrderBody } from './testing/api.ts'
import { mailboxOf } from './testing/mailbox.ts'
import { mailsSuite } from './testing/mails-suite.ts'
import { payingAt } from './testing/paying.ts'
import { openOneProcess } from './testing/shop.ts'
import { readStackFile } from '../config/stack-file.ts'

// People get each mail once: whoever registers, orders, pays, waits for a parcel and sends something back.

t.setTimeout(240_000)
const shop = await openOneProcess(t, { NOTIFY_BY: 'email,feed', SHOP_URL: 'https://shop.example' })
const { api, adminToken: admin } = shop
const mailbox = await mailboxOf(shop)
const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
const paying = await payingAt(shop, paymentSandboxUrl)
const product = await shop.newProduct(100)

async function newCustomer() {
  const token = await api.newCustomer()
  const { body } = await api.request<{ id: string; email: string }>('GET', '/users/me', { token })
  return { token, ...body }
}

async function placed(token: string): Promise<OrderBody> {
  const { body } = await api.request<OrderBody>('POST', '/orders', {
    token,
    body: { items: [{ productId: product.id, quantity: 2 }] },
  })
  return shop.settled(body.id, token)
}

const post = (path: string, body: object, token = admin) =>
  api.request<{ id: string }>('POST', path, { token, body })

t.test('the banner and stack.json name the inbox', async (t) => {
  t.match(shop.processes.get('stack')?.[0]?.output(), `mails      ${mailbox.url} (inbox)`)
})

mailsSuite(t, { shop, mailbox })

t.test('whoever registers is welcomed', async (t) => {
  const { email } = await newCustomer()
  const mail = await mailbox.only(email, /^Welcome to Tillstream$/)
  t.match(mail.text, 'https://shop.example/')
  t.equal(mail.from, 'shop@localhost')
})

t.test('a guest gets mails at the address of the checkout', async (t) => {
  const email = `guest-${newId()}@example.com`
  const { cart, who } = await paying.filled({}, product, 1)
  const answer = await paying.buy(who, cart, { email })
  t.equal(answer.status, 201)
  const mail = await mailbox.only(email, /^Receipt for your order/)
  t.match(mail.text, /^Hello Ada,/)
  t.equal(mail.attachments.length, 1)
})

t.test('a payment that is declined is told of, and an order without stock', async (t) => {
  const { token, email } = await newCustomer()
  const order = await placed(token)
  await post(
    `/orders/${order.id}/payments`,
    { paymentMethod: 'card', paymentToken: 'pm_card_chargeDeclined' },
    token,
  )
  await mailbox.only(email, /^The payment of your order .* has failed$/)
  // Whoever comes when the last unit is gone is refused at once. Those who come together with it are rejected.
  const buyers = await Promise.all(Array.from({ length: 5 }, newCustomer))
  let rejected = 0
  for (let turn = 0; turn < 10 && rejected === 0; turn++) {
    const scarce = await shop.newProduct(1)
    const body = { items: [{ productId: scarce.id, quantity: 1 }] }
    const orders = await Promise.all(
      buyers.map((buyer) => api.request<OrderBody>('POST', '/orders', { token: buyer.token, body })),
    )
    for (const [index, { status, body: taken }] of orders.entries()) {
      const buyer = buyers[index]!
      if (status !== 201 || (await shop.settled(taken.id, buyer.token)).status !== 'rejected') continue
      rejected++
      await mailbox.only(buyer.email, /could not be accepted$/)
    }
  }
  t.ok(rejected > 0)
})

type Entry = { readonly id: string; readonly kind: string; readonly title: string; readonly readAt?: string }
type Feed = { readonly data: readonly Entry[]; readonly unread: number }

t.test('a feed has what happened, in the language of its reader, and is nobody else’s', async (t) => {
  const [me, other] = [await newCustomer(), await newCustomer()]
  await placed(me.token)
  const feedOf = async (token: string, query = '') =>
    (await api.request<Feed>('GET', `/notifications${query}`, { token })).body
  const { data } = await eventually('the order is in the feed', async () => {
    const feed = await feedOf(me.token)
    return feed.unread === 1 && feed
  })
  t.match(data, [{ kind: 'order.confirmed', title: 'Order confirmed' }])
  t.same((await feedOf(other.token)).data, [])
  const path = `/notifications/${data[0]!.id}/read`
  t.equal((await api.request('POST', path, { token: other.token })).status, 404)
  t.match((await api.request<Entry>('POST', path, { token: me.token })).body, { readAt: String })
  t.match(await feedOf(me.token, '?unread=true'), { data: [], unread: 0 })
  const preferences = '/users/me/notification-preferences'
  await api.request('PUT', preferences, { token: me.token, body: { language: 'de' } })
  t.match(await feedOf(me.token), { data: [{ title: 'Bestellung bestätigt' }] })
  await placed(me.token)
  await mailbox.only(me.email, /^Ihre Bestellung .* ist bestätigt$/)
  const off = { preferences: [{ kind: 'order.confirmed', channel: 'email', enabled: false }] }
  t.match(await api.request('PUT', preferences, { token: me.token, body: off }), {
    status: 400,
    body: { code: 'notification.not-optional' },
  })
})

t.test('staff see every delivery, and can not send again what was sent', async (t) => {
  const { email } = await newCustomer()
  await mailbox.only(email, /^Welcome/)
  type Page = { readonly data: readonly { readonly id: string; readonly status: string }[] }
  const sent = await eventually('it is sent', async () => {
    const path = '/admin/notifications?status=sent&channel=email&limit=1'
    return (await api.request<Page>('GET', path, { token: admin })).body.data[0]
  })
  t.match(await post(`/admin/notifications/${sent.id}/retry`, {}), {
    status: 409,
    body: { code: 'notification.sent' },
  })
})

t.test('after all this the invariants hold', async () => {
  await shop.auditIsClean()
})
