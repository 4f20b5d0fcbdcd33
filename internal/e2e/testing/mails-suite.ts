import pg from 'pg'
import type { Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import type { OrderBody } from './api.ts'
import type { mailboxAt } from './mailbox.ts'
import type { Shop } from './shop.ts'

type At = { readonly shop: Shop; readonly mailbox: ReturnType<typeof mailboxAt> }

const hostile = '<script>alert("mug")</script>'

/** The mails of people, with links to SHOP_URL=https://shop.example. */
export function mailsSuite(t: Test, at: At): void {
  orderTest(t, at)
  linksTest(t, at)
  retryTest(t, at)
}

async function newCustomer({ api }: Shop) {
  const token = await api.newCustomer()
  const { body } = await api.request<{ id: string; email: string }>('GET', '/users/me', { token })
  return { token, ...body }
}

function orderTest(t: Test, { shop, mailbox }: At): void {
  const { api, adminToken: admin } = shop
  const post = (path: string, body: object, token = admin) =>
    api.request<{ id: string }>('POST', path, { token, body })

  t.test('an order is told of from its placing to its return, each step once', async (t) => {
    const goods = { name: hostile, category: 'test', price: 12.5, stock: 100 }
    const { token, email } = await newCustomer(shop)
    const items = [{ productId: (await post('/products', goods)).body.id, quantity: 2 }]
    const { body } = await api.request<OrderBody>('POST', '/orders', { token, body: { items } })
    const order = await shop.settled(body.id, token)
    const number = order.id.slice(-8).toUpperCase()
    const received = await mailbox.only(email, /^We have received your order/)
    t.match(received.subject, number)
    t.match(received.text, `https://shop.example/orders/${order.id}`)
    t.match(received.text, `2 × ${hostile}: $25.00`)
    t.notMatch(received.html, '<script')
    t.match(received.html, '&lt;script&gt;alert(&quot;mug&quot;)&lt;/script&gt;')
    await mailbox.only(email, /is confirmed$/)

    await post(`/orders/${order.id}/payments`, { paymentMethod: 'card', paymentToken: 'pm_card_visa' }, token)
    const receipt = await mailbox.only(email, /^Receipt for your order/)
    t.match(receipt.attachments, [{ filename: /^R-\d+\.pdf$/, contentType: 'application/pdf' }])
    t.match(Buffer.from(receipt.attachments[0]!.content, 'base64').toString('latin1'), /^%PDF-/)

    const line = { lineId: order.items[0]!.lineId, quantity: 1 }
    const parcel = {
      ...{ lines: [line], carrier: 'Post', trackingNumber: 'T-17' },
      trackingUrl: 'https://post.example/T-17',
    }
    const shipment = (await post(`/orders/${order.id}/shipments`, parcel)).body
    const shipped = await mailbox.only(email, /is on its way$/)
    t.match(shipped.text, /Carrier: Post\nTracking number: T-17/)
    t.match(shipped.text, 'https://post.example/T-17')
    await api.request('PATCH', `/shipments/${shipment.id}`, { token: admin, body: { status: 'delivered' } })
    await mailbox.only(email, /has arrived$/)

    const asked = (
      await post(`/orders/${order.id}/returns`, { lines: [{ ...line, reason: 'broken' }] }, token)
    ).body
    await mailbox.only(email, /^Your return for order [0-9A-F]{8}$/)
    const change = (body: object) => api.request('PATCH', `/returns/${asked.id}`, { token: admin, body })
    await change({ status: 'approved' })
    await mailbox.only(email, /is approved$/)
    await change({ status: 'received', lines: [{ ...line, condition: 'damaged' }] })
    await mailbox.only(email, /^Your return .* has arrived$/)
    await change({ status: 'refunded' })
    await mailbox.only(email, /is refunded$/)
    const refund = await mailbox.only(email, /^Refund for your order/)
    t.match(refund.text, 'Refund: $12.50')
    t.match(refund.attachments, [{ filename: /^C-\d+\.pdf$/ }])
  })
}

function linksTest(t: Test, { shop, mailbox }: At): void {
  const { api } = shop
  t.test('a link in a mail sets a new password, and another one verifies the address', async (t) => {
    const { email } = await newCustomer(shop)
    const linkIn = async (subject: RegExp, page: string): Promise<string> => {
      const { text, html } = await mailbox.only(email, subject)
      const [, found = ''] = new RegExp(`https://shop\\.example/${page}\\?token=(\\S+)`).exec(text) ?? []
      t.ok(html.includes(`https://shop.example/${page}?token=${found}`), 'in both bodies')
      return decodeURIComponent(found)
    }
    const verification = { token: await linkIn(/^Please confirm/, 'verify-email') }
    t.equal(
      (await api.request('POST', '/auth/email-verification/confirm', { body: verification })).status,
      204,
    )
    t.equal((await api.request('POST', '/auth/password-reset', { body: { email } })).status, 202)
    const reset = {
      token: await linkIn(/^Set a new password$/, 'reset-password'),
      newPassword: 'battery staple 9',
    }
    t.equal((await api.request('POST', '/auth/password-reset/confirm', { body: reset })).status, 204)
    t.ok(await api.logIn(email, 'battery staple 9'))
  })
}

function retryTest(t: Test, { shop, mailbox }: At): void {
  const { api, adminToken: token } = shop
  t.test('a mail that has failed is sent once more when staff say so', async (t) => {
    const { id, email } = await newCustomer(shop)
    await mailbox.only(email, /^Welcome/)
    const sql = new pg.Client({ connectionString: shop.databaseUrl })
    sql.on('error', () => undefined) // the database is dropped with the test
    await sql.connect()
    t.teardown(() => sql.end())
    // As if the mail server had refused it: the one that is here takes all mails.
    const { rows } = await eventually('it is known to be sent', async () => {
      const failed = await sql.query<{ id: string }>(
        `update notifications.deliveries set status = 'failed'
         where recipient_id = $1 and kind = 'account.welcome' and channel = 'email' and status = 'sent' returning id`,
        [id],
      )
      return failed.rowCount === 1 && failed
    })
    const retry = () =>
      api.request<{ readonly code?: string }>('POST', `/admin/notifications/${rows[0]!.id}/retry`, { token })
    t.equal((await retry()).status, 200)
    await eventually('it has come again', async () => (await mailbox.to(email, /^Welcome/)).length === 2)
    await eventually('it is sent', async () => (await retry()).body.code === 'notification.sent')
    t.equal((await mailbox.to(email, /^Welcome/)).length, 2)
  })
}
