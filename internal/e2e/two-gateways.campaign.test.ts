import pg from 'pg'
import t from 'tap'
import { freePort } from '../local/system.ts'
import { openReceiver } from '../notification/testing/receiver.ts'
import { eventually } from '../platform/testing/eventually.ts'
import type { Api, OrderBody } from './testing/api.ts'
import { address } from './testing/buying.ts'
import { mailboxAt } from './testing/mailbox.ts'
import { findInDatabase, findInStreams } from './testing/scan.ts'
import { newPerson, password, refusedAfter, statusWith } from './testing/sessions-suite.ts'
import { openSecondGateway } from './testing/second-gateway.ts'
import { openManyProcesses } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

// What people own and what they and back ends are told, in many processes: what is done at one gateway is seen at the other.

t.setTimeout(600_000)

const [inboxPort, smtpPort] = [await freePort(), await freePort()]
const shop = await openManyProcesses(t, {
  ...{ NOTIFY_BY: 'email,feed', SMTP_URL: `smtp://127.0.0.1:${smtpPort}`, SHOP_URL: 'https://shop.example' },
  ...{ WEBHOOKS_ALLOW_PRIVATE: 'true', ERASURE_SETTLE_SECONDS: '1' },
  ...{ INBOX_PORT: String(inboxPort), INBOX_SMTP_PORT: String(smtpPort) },
})
await spawnMain(t, 'cmd/inbox', shop.env).says(/"msg":"listening"/)
const mailbox = mailboxAt(`http://127.0.0.1:${inboxPort}`)
const { api: there } = await openSecondGateway(t, shop)
const here = shop.api
const gateways = [here, there] as const
/** The services that confirm an erasure. */
const erasingContexts = 5
const admin = shop.adminToken

async function customer() {
  const person = await newPerson(here)
  const { body: session } = await person.logIn(there)
  const { body } = await there.request<{ id: string }>('GET', '/users/me', { token: session.accessToken })
  return { ...person, session, token: session.accessToken, id: body.id }
}

/** Placed at one gateway and seen at the other. */
async function ordered(token: string): Promise<OrderBody> {
  const product = await shop.newProduct(5)
  const body = { items: [{ productId: product.id, quantity: 1 }] }
  const { body: order } = await here.request<OrderBody>('POST', '/orders', { token, body })
  return eventually('it is decided', async () => {
    const { body: seen } = await there.request<OrderBody>('GET', `/orders/${order.id}`, { token })
    return seen.status === 'confirmed' && seen
  })
}

t.test('saved addresses', async (t) => {
  const { token } = await customer()
  type Saved = {
    readonly id: string
    readonly defaultDelivery: boolean
    readonly address: { readonly line1: string }
  }
  const path = '/users/me/addresses'
  const body = { address, defaultDelivery: true }
  const headers = { 'idempotency-key': 'home' }
  const { body: saved, status } = await here.request<Saved>('POST', path, { token, body, headers })
  t.match({ status, saved }, { status: 201, saved: { defaultDelivery: true, address } })
  const again = await there.request<Saved>('POST', path, { token, body, headers })
  t.match(again, { headers: { 'idempotent-replayed': 'true' }, body: { id: saved.id } })
  const change = { address: { ...address, line1: '1 Other Street' } }
  t.equal((await there.request('PATCH', `${path}/${saved.id}`, { token, body: change })).status, 200)
  const listed = async (api: Api) =>
    (await api.request<{ readonly data: readonly Saved[] }>('GET', path, { token })).body.data
  t.match(await listed(here), [{ id: saved.id, address: change.address, defaultDelivery: true }])
  const stranger = await customer()
  t.equal((await here.request('DELETE', `${path}/${saved.id}`, stranger)).status, 404)
  t.equal((await here.request('DELETE', `${path}/${saved.id}`, { token })).status, 204)
  t.same(await listed(there), [])
})

t.test('mails and the feed', async (t) => {
  const { token, email } = await customer()
  await mailbox.only(email, /^Welcome/)
  const order = await ordered(token)
  await mailbox.only(email, /is confirmed$/)
  type Feed = {
    readonly unread: number
    readonly data: readonly { readonly id: string; readonly title: string }[]
  }
  const feedAt = async (api: Api) => (await api.request<Feed>('GET', '/notifications', { token })).body
  const [entry] = await eventually('it is in the feed', async () => {
    const { unread, data } = await feedAt(there)
    return unread === 1 && data
  })
  t.equal((await here.request('POST', `/notifications/${entry!.id}/read`, { token })).status, 200)
  t.equal((await feedAt(there)).unread, 0)
  const chosen = {
    language: 'de',
    preferences: [{ kind: 'cart.abandoned', channel: 'email', enabled: false }],
  }
  const preferences = '/users/me/notification-preferences'
  t.equal((await here.request('PUT', preferences, { token, body: chosen })).status, 200)
  t.match((await there.request('GET', preferences, { token })).body, { language: 'de' })
  t.match((await feedAt(there)).data, [{ title: 'Bestellung bestätigt' }])
  t.match(await there.request('POST', `/orders/${order.id}/cancel`, { token, body: {} }), { status: 200 })

  type Page = { readonly data: readonly { readonly id: string }[] }
  const path = '/admin/notifications?status=sent&channel=email&limit=1'
  const sent = await eventually('it is sent', async () => {
    return (await there.request<Page>('GET', path, { token: admin })).body.data[0]
  })
  t.match(await here.request('POST', `/admin/notifications/${sent.id}/retry`, { token: admin }), {
    ...{ status: 409, body: { code: 'notification.sent' } },
  })
})

type Hook = { readonly id: string; readonly secret: string; readonly status?: string }
type Deliveries = { readonly data: readonly { readonly id: string; readonly eventId: string }[] }

t.test('webhooks: made, rotated, paused, redelivered, replayed and deleted', async (t) => {
  const receiver = await openReceiver(t)
  const began = new Date()
  const made = await here.request<Hook>('POST', '/admin/webhooks', {
    ...{ token: admin, body: { url: receiver.url, events: ['order.*'] } },
  })
  t.equal(made.status, 201)
  const path = `/admin/webhooks/${made.body.id}`
  const { token } = await customer()
  await ordered(token)
  await eventually('both events have come', () => receiver.received.length === 2)
  for (const each of receiver.received) receiver.verify(each, made.body.secret)

  const change = (api: Api, body: object) => api.request<Hook>('PATCH', path, { token: admin, body })
  const { body: rotated } = await change(there, { rotateSecret: true })
  t.match(rotated.secret, /^whsec_/)
  t.not(rotated.secret, made.body.secret)
  await change(here, { isPaused: true })
  await ordered(token)
  const { body: seen } = await there.request<object>('GET', path, { token: admin })
  t.match(seen, { isPaused: true })
  t.equal(receiver.received.length, 2, 'nothing comes while it is paused')
  await change(there, { isPaused: false })
  await eventually('what happened meanwhile comes', () => receiver.received.length === 4)
  const last = receiver.received.at(-1)!
  for (const secret of [rotated.secret, made.body.secret]) receiver.verify(last, secret) // both are valid for a day

  const listed = async (api: Api) =>
    (await api.request<Deliveries>('GET', `${path}/deliveries?status=delivered`, { token: admin })).body.data
  const [delivery] = await eventually('the log has all', async () => {
    const found = await listed(there)
    return found.length === 4 && found
  })
  const again = `${path}/deliveries/${delivery!.id}/redeliver`
  t.equal((await here.request('POST', again, { token: admin })).status, 200)
  await eventually('one comes again', () => receiver.received.length === 5)
  t.equal(receiver.received.at(-1)?.id, delivery!.eventId)

  const range = { from: began.toISOString(), to: new Date().toISOString() }
  const replay = { token: admin, body: range, headers: { 'idempotency-key': 'again' } }
  t.match(await there.request('POST', `${path}/replay`, replay), { status: 202, body: { count: 4 } })
  await eventually('all four come again', () => receiver.received.length === 9)
  t.equal((await here.request('POST', `${path}/replay`, replay)).status, 202)
  const ids = (from: number, to: number) => receiver.received.slice(from, to).map(({ id }) => id)
  t.same(ids(5, 9).sort(), ids(0, 4).sort())
  t.equal((await there.request('DELETE', path, { token: admin })).status, 204)
  t.equal((await here.request('GET', path, { token: admin })).status, 404)
  t.equal(receiver.received.length, 9, 'a repeated replay sends nothing')
})

t.test('an export and an erasure, by oneself and by an admin', async (t) => {
  const [own, other] = [await customer(), await customer()]
  const saved = { token: own.token, body: { address } }
  await here.request('POST', '/users/me/addresses', saved)
  t.match((await there.request('GET', '/users/me/export', own)).body, {
    ...{ account: { email: own.email }, addresses: [{ address: { line1: address.line1 } }] },
  })
  const erasures = [
    { who: own, erase: () => here.request('DELETE', '/users/me', { token: own.token, body: { password } }) },
    { who: other, erase: () => there.request('DELETE', `/admin/users/${other.id}`, { token: admin }) },
  ]
  for (const { who, erase } of erasures) {
    t.equal(await statusWith(there, who.session), 200)
    t.equal((await erase()).status, 204)
    t.ok((await refusedAfter(gateways, who.session)) < 1_000, 'all gateways know within a second')
    t.equal((await who.logIn(there)).status, 401)
    await eventually('the account is gone', async () => {
      return (await here.request('GET', `/users/${who.id}`, { token: admin })).status === 404
    })
  }
  const database = new pg.Client({ connectionString: shop.databaseUrl })
  await database.connect()
  t.teardown(() => database.end())
  await eventually(
    'every service has confirmed both',
    async () => {
      const { rows } = await database.query(
        'select from users.erasures where user_id = any($1) and confirmed_at is not null',
        [[own.id, other.id]],
      )
      return rows.length === 2 * erasingContexts
    },
    60_000,
  )
  const texts = [own.email, other.email]
  t.same(await findInDatabase(shop.databaseUrl, texts), [])
  t.same((await findInStreams(shop.nats.url, texts)).found, [])
})

t.test('a price that is changed at one gateway is the price at the other', async (t) => {
  const product = await shop.newProduct(1)
  const priceAt = async (api: Api) =>
    (await api.request<{ price: number }>('GET', `/products/${product.id}`)).body.price
  for (let price = 20; price < 30; price++) {
    await Promise.all(gateways.map(priceAt))
    const body = { price }
    t.equal((await here.request('PATCH', `/products/${product.id}`, { token: admin, body })).status, 200)
    t.equal(await priceAt(here), price)
    await eventually('the other one knows', async () => (await priceAt(there)) === price, 1_000)
  }
})

t.test('after all this the invariants hold', async () => {
  await shop.auditIsClean()
})
