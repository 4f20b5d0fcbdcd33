import t from 'tap'
import pg from 'pg'
import { readStackFile } from '../config/stack-file.ts'
import { openFakeTwilio, refused, twilioSid, twilioToken } from '../notification/testing/fake-twilio.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { mailboxOf } from './testing/mailbox.ts'
import { payingAt } from './testing/paying.ts'
import { findInDatabase, findInStreams } from './testing/scan.ts'
import { closed } from './testing/texts-of-databases.ts'
import { openOneProcess } from './testing/shop.ts'

// A person registers, shops, is told of it, sends something back, asks for what is stored, and is erased. Then nothing that
// is stored names the person.

t.setTimeout(600_000)
// It refuses with words that name the number.
const twilio = await openFakeTwilio(t, refused(400, 21211))
const shop = await openOneProcess(t, {
  ...{ NOTIFY_BY: 'email,feed,sms', SHOP_URL: 'https://shop.example', ERASURE_SETTLE_SECONDS: '2' },
  ...{ TWILIO_ACCOUNT_SID: twilioSid, TWILIO_AUTH_TOKEN: twilioToken },
  ...{ TWILIO_FROM: 'Tillstream', TWILIO_URL: twilio.url },
  LOG_LEVEL: 'trace',
})
const { api, adminToken: admin } = shop
const mailbox = await mailboxOf(shop)
const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
const paying = await payingAt(shop, paymentSandboxUrl)
const product = await shop.newProduct(100)
const database = new pg.Client({ connectionString: shop.databaseUrl })
await database.connect()
t.teardown(() => database.end())

const password = 'a-long-password'
const person = {
  ...{ username: 'quillfeather', email: 'zephyrine@quill.example', name: 'Zephyrine Quillfeather' },
  ...{ phone: '+44 7700 900123', address: '5 Inkwell Close, Penzance' },
}
const home = {
  ...{ name: 'Z. Quillfeather-Home', line1: '77 Quagmire Lane', line2: 'Attic Parchment', city: 'Truro' },
  ...{ region: 'Cornwall', postalCode: 'TR1 2QQ', country: 'GB', phone: '+447700900456' },
}
const billing = { ...home, name: 'Quillfeather Ltd', line1: '9 Vellum Yard' }
const office = { ...home, name: 'Zephyrine at work', line1: '3 Nib Street' }
const { country: _, city: __, region: ___, ...tellingOfHome } = home
const words = { engraving: 'for Zephyrine, with love', returned: 'Quillfeather finds it too small' }
const texts = [
  ...Object.values(words),
  ...Object.values(person),
  ...Object.values(tellingOfHome),
  billing.name,
  billing.line1,
  office.name,
  office.line1,
]

const register = (body: object = {}) =>
  api.request<{ user: { id: string } }>('POST', '/users/register', { body: { ...person, password, ...body } })

async function checkOut(token: string, bought = product) {
  const engraved = { productId: bought.id, quantity: 1, attributes: { engraving: words.engraving } }
  await paying.send('POST', '/cart/items', { token }, engraved)
  const { cart } = await paying.filled({ token }, bought, 1)
  const delivery = {
    address: home,
    shippingMethod: (cart as unknown as { delivery: { shippingMethod: string } }).delivery.shippingMethod,
  }
  const own = await paying.send<typeof cart>('PUT', '/cart/delivery', { token }, delivery)
  const { body } = await paying.buy({ token }, own.body, { billingAddress: billing })
  return body.order!
}

const ship = async (order: {
  readonly id: string
  readonly items: readonly { readonly lineId: string }[]
}) => {
  const lines = order.items.map(({ lineId }) => ({ lineId, quantity: 1 }))
  const parcel = { lines, carrier: 'Post', trackingNumber: 'T-17' }
  const { body } = await api.request<{ id: string }>('POST', `/orders/${order.id}/shipments`, {
    ...{ token: admin, body: parcel },
  })
  await api.request('PATCH', `/shipments/${body.id}`, { token: admin, body: { status: 'delivered' } })
}

const erase = (token: string, body: object = { password }) =>
  api.request<{ code?: string }>('DELETE', '/users/me', { token, body })

const confirmed = (id: string) =>
  eventually('every context has confirmed', async () => {
    const { rows } = await database.query(
      'select context from users.erasures where user_id = $1 and confirmed_at is not null', [id]) // prettier-ignore
    return rows.length === 5
  })

t.test('nothing that is stored names a person who was erased', async (t) => {
  const { id } = (await register()).body.user
  const token = await api.logIn(person.email, password)
  await mailbox.only(person.email, /^Welcome/)
  const order = await checkOut(token)
  await mailbox.only(person.email, /^Receipt/)
  t.match(await erase(token), { status: 409, body: { code: 'user.open-orders' } })
  await ship(order)
  await eventually('a text message has gone to the person', () => twilio.to(home.phone).length === 2)
  const line = { lineId: order.items[0]!.lineId, quantity: 1 }
  const { body: asked } = await api.request<{ id: string }>('POST', `/orders/${order.id}/returns`, {
    ...{ token, body: { lines: [{ ...line, reason: words.returned }] } },
  })
  t.match(await erase(token), { status: 409, body: { code: 'user.open-orders' } }, 'goods come back')
  const change = (body: object) => api.request('PATCH', `/returns/${asked.id}`, { token: admin, body })
  await change({ status: 'approved' })
  await change({ status: 'received', lines: [{ ...line, condition: 'damaged' }] })
  await change({ status: 'refunded' })
  await mailbox.only(person.email, /^Refund for your order/)
  await paying.filled({ token }, product)
  await paying.send('PUT', '/cart/delivery', { token }, { address: home })
  await api.request('POST', '/users/me/addresses', { token, body: { address: office } })
  const off = { preferences: [{ kind: 'cart.abandoned', channel: 'email', enabled: false }] }
  await api.request('PUT', '/users/me/notification-preferences', { token, body: off })

  const stored = await findInDatabase(shop.databaseUrl, texts)
  for (const text of texts)
    t.ok(stored.some((found) => found.endsWith(`has ${text}`)), `${text} is found as long as it is stored`) // prettier-ignore

  const exported = await fetch(`${shop.url}/users/me/export`, {
    headers: { authorization: `Bearer ${token}` },
  })
  t.match(exported.headers.get('content-disposition'), 'attachment')
  t.equal(exported.headers.get('cache-control'), 'no-store')
  const everything = (await exported.json()) as object
  t.match(everything, {
    account: { id, email: person.email, phone: person.phone },
    sessions: [{ client: String, address: String }],
    orders: [{ id: order.id, payments: [{ method: 'card' }], receipts: [Object, Object], shipments: [Object], returns: [Object] }],
    carts: [{ status: 'active', delivery: { address: { line1: home.line1 } } }, { status: 'ordered' }],
    addresses: [{ address: { line1: office.line1 }, defaultDelivery: false }],
    notifications: Array,
  }) // prettier-ignore
  for (const text of texts) t.match(JSON.stringify(everything), text)

  t.match(await erase(token, { password: 'another one' }), {
    status: 403,
    body: { code: 'user.wrong-password' },
  })
  const answers = await Promise.all([erase(token), erase(token)])
  t.ok(answers.some(({ status }) => status === 204), 'of two at once one erases') // prettier-ignore
  t.ok(answers.every(({ status }) => status === 204 || status === 401 || status === 403 || status === 404))
  await eventually(
    'access has ended',
    async () => (await api.request('GET', '/users/me', { token })).status === 401,
  )
  t.equal(
    (await api.request('POST', '/users/login', { body: { email: person.email, password } })).status,
    401,
  )
  await confirmed(id)

  t.same(await findInDatabase(shop.databaseUrl, texts, (column) => column in closed), [])
  const { found, messages } = await findInStreams(shop.nats.url, texts)
  t.same(found, [])
  t.ok(messages > 20, 'the streams were read')
  const { body: left } = await api.request<{ total: number; userId: string }>('GET', `/orders/${order.id}`, {
    token: admin,
  })
  t.match(left, { userId: id, total: order.total, deliveryAddress: { country: 'GB', line1: '' } })
  t.equal((await api.request('GET', `/users/${id}`, { token: admin })).status, 404)

  t.equal((await register()).status, 201, 'the address and the name are free')
})

t.test('no line of a log names the person, before the erasure or after it', async (t) => {
  // What is refused and what fails is logged, too.
  const { accessToken: token } = (
    await api.request<{ accessToken: string }>('POST', '/users/login', {
      body: { email: person.email, password },
    })
  ).body
  for (const email of [person.email, `${person.email}x`])
    t.equal(
      (await api.request('POST', '/users/login', { body: { email, password: home.line1 } })).status,
      401,
    )
  const wrong = { token, body: { address: { ...home, country: 'Quillfeather' } } }
  t.equal((await api.request('POST', '/users/me/addresses', wrong)).status, 400)
  await api.request('GET', `/admin/users?q=${encodeURIComponent(person.email)}`, { token: admin })
  const stack = shop.processes.get('stack')![0]!
  const lines = await eventually('the failed logins are logged', () => {
    const said = stack.output().split('\n')
    return said.filter((line) => line.includes('login failed')).length >= 2 && said
  })
  for (const text of [...texts, password])
    t.same(
      lines.filter((line) => line.toLowerCase().includes(text.toLowerCase())),
      [],
      text,
    )
})

t.test('after all this the invariants hold', async () => {
  await shop.auditIsClean()
})
