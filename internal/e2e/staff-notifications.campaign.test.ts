import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { openReceiver } from '../notification/testing/receiver.ts'
import { newId } from '../platform/new-id.ts'
import { eventually } from '../platform/testing/eventually.ts'
import type { OrderBody } from './testing/api.ts'
import { mailboxOf } from './testing/mailbox.ts'
import { openRogue } from './testing/rogue.ts'
import { openOneProcess } from './testing/shop.ts'

// Those who run the shop are told by mail and by Slack, each thing once.

t.setTimeout(120_000)
const posts: string[] = []
const slack = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => void (body += chunk.toString()))
  request.on('end', () => {
    posts.push((JSON.parse(body) as { text: string }).text)
    response.end('ok')
  })
})
await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve))
t.teardown(() => {
  slack.closeAllConnections()
  slack.close()
})
const staff = 'staff@example.com'
const shop = await openOneProcess(t, {
  ...{ NOTIFY_BY: 'email', STAFF_EMAIL: staff, LOW_STOCK_UNITS: '5' },
  SLACK_WEBHOOK_URL: `http://127.0.0.1:${(slack.address() as AddressInfo).port}/services/T0/B0/secret`,
})
const { api, adminToken: token } = shop
const mailbox = await mailboxOf(shop)
const postsOf = (subject: RegExp) => posts.filter((text) => subject.test(text))

async function order(productId: string, quantity: number): Promise<void> {
  const buyer = await api.newCustomer()
  const body = { items: [{ productId, quantity }] }
  const placed = await api.request<OrderBody>('POST', '/orders', { token: buyer, body })
  t.equal(placed.status, 201)
  await shop.settled(placed.body.id, buyer)
}

t.test('stock that falls below the limit is told of once, and again after it was filled up', async (t) => {
  const { body: product } = await api.request<{ id: string }>('POST', '/products', {
    ...{ token, body: { name: 'Mug', category: 'test', price: 5, stock: 6, sku: 'LOW-MUG' } },
  })
  await order(product.id, 2)
  const mail = await mailbox.only(staff, /^Stock is low: LOW-MUG$/)
  t.match(mail.text, `SKU: LOW-MUG\nUnits left: 4\nProduct: ${product.id}`)
  await eventually('Slack has it', () => postsOf(/^Stock is low: LOW-MUG/).length === 1)
  await order(product.id, 1)
  const adjust = (quantity: number) =>
    api.request('POST', `/products/${product.id}/stock`, { token, body: { quantity, reason: 'counted' } })
  t.equal((await adjust(10)).status, 200)
  t.equal((await adjust(-12)).status, 200)
  await eventually('it is told again', () => postsOf(/^Stock is low: LOW-MUG/).length === 2)
  t.match(postsOf(/^Stock is low/)[1], 'Units left: 1')
  await eventually('by mail, too', async () => (await mailbox.to(staff, /LOW-MUG/)).length === 2)
})

t.test('an endpoint that is gone is told of', async (t) => {
  const receiver = await openReceiver(t, (_got, response) => void response.writeHead(410).end())
  const { body: hook } = await api.request<{ id: string }>('POST', '/admin/webhooks', {
    ...{ token, body: { url: receiver.url, events: ['product.*'] } },
  })
  await shop.newProduct(1)
  const mail = await mailbox.only(staff, /^A webhook endpoint is paused$/)
  t.match(mail.text, `Endpoint: ${hook.id}\nReason: http-410`)
})

t.test('an event that is given up is told of', async (t) => {
  const stranger = await openRogue(t, shop.nats.url)
  const type = 'tillstream.notification.endpoint_paused.v1'
  const headers = { 'ce-id': newId(), 'ce-type': type, 'ce-specversion': '1.0' }
  await stranger.mayPublish('notification.endpoint_paused', '{"endpointId":"none"}', headers)
  const mail = await mailbox.only(staff, /^An event could not be handled$/)
  t.match(mail.text, /Subscription: .*tell-endpoint-paused/)
  t.match(mail.text, 'Reason: message.invalid-endpoint')
  await eventually('Slack has it', () => postsOf(/^An event could not be handled/).length === 1)
  await eventually('the log shows it sent', async () => {
    const path = '/admin/notifications?channel=slack&status=sent'
    const log = await api.request<{ data: readonly { kind: string }[] }>('GET', path, { token })
    return log.body.data.some(({ kind }) => kind === 'staff.dead-letter')
  })
  await shop.auditIsClean()
})
