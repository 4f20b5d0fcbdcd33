import pg from 'pg'
import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { erasingContexts } from '../user/domain/erasure.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { openApi } from './testing/api.ts'
import { address } from './testing/buying.ts'
import { mailboxOf } from './testing/mailbox.ts'
import { payingAt } from './testing/paying.ts'
import { findInDatabase, findInStreams } from './testing/scan.ts'
import { closed } from './testing/texts-of-databases.ts'
import { openOneProcess } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

// The process dies in the middle of an erasure, again and again: whenever a context has erased the person and has not
// said so yet. In the end every context has confirmed once, and nothing that is stored names the person.

t.setTimeout(900_000)

const person = {
  ...{ username: 'quillfeather', email: 'zephyrine@quill.example', name: 'Zephyrine Quillfeather' },
  ...{ phone: '+44 7700 900123', address: '5 Inkwell Close, Penzance' },
}
const home = { ...address, name: 'Z. Quillfeather-Home', line1: '77 Quagmire Lane', phone: '+447700900456' }
const texts = [...Object.values(person), home.name, home.line1, home.phone]
const password = 'a-long-password'
const contexts = erasingContexts.length

t.test('an erasure goes on where it was cut off', async (t) => {
  const shop = await openOneProcess(t, {
    ...{ NOTIFY_BY: 'email,feed', SHOP_URL: 'https://shop.example', ERASURE_SETTLE_SECONDS: '1' },
    TILLSTREAM_FAILPOINTS: 'erase-confirm:1',
  })
  const database = new pg.Pool({ connectionString: shop.databaseUrl, max: 1 })
  t.teardown(() => database.end())
  const confirmed = async (id: string): Promise<number> => {
    const where = 'user_id = $1 and confirmed_at is not null'
    return (await database.query(`select from users.erasures where ${where}`, [id])).rowCount ?? 0
  }
  const { id } = await livesAndIsErased(shop)

  let [stack] = shop.processes.get('stack')!
  let deaths = 0
  for (;;) {
    const done = eventually('all have confirmed', async () => (await confirmed(id)) === contexts, 120_000)
    const died = await Promise.race([stack!.ended, done])
    if (died === true) break
    t.equal(died, 'SIGKILL')
    t.match(stack!.output(), 'failpoint erase-confirm reached')
    t.ok(++deaths <= 3 * contexts, 'they get on')
    // Several contexts are at it at once, so each life has to be longer than the one before.
    stack = spawnMain(t, 'cmd/stack', { ...shop.env, TILLSTREAM_FAILPOINTS: `erase-confirm:${deaths + 1}` })
  }
  t.ok(deaths > 1, `it died ${deaths} times`)

  stack!.signal('SIGTERM')
  await stack!.ended
  const [, url = ''] = await spawnMain(t, 'cmd/stack', { ...shop.env, TILLSTREAM_FAILPOINTS: '' }).says(
    /^ready (\S+)/m,
  )
  const told = await eventually('each confirmation is told', async () => {
    const { found } = await findInStreams(shop.nats.url, [id])
    const events = found.filter((line) => line.startsWith('user.data_erased'))
    return events.length >= contexts && events
  })
  t.equal(new Set(told).size, contexts, 'once')
  t.same(await findInDatabase(shop.databaseUrl, texts, (column) => column in closed), [])
  t.same((await findInStreams(shop.nats.url, texts)).found, [])
  const api = openApi(t, url)
  await eventually('the audit finds all well', async () => {
    return (await api.request<{ ok: boolean }>('GET', '/admin/audit', { token: shop.adminToken })).body.ok
  })
})

/** A person with an account, an order that was delivered, a cart and a saved address, who has asked to be erased. */
async function livesAndIsErased(shop: Awaited<ReturnType<typeof openOneProcess>>): Promise<{ id: string }> {
  const { api, adminToken: admin } = shop
  const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
  const paying = await payingAt(shop, paymentSandboxUrl)
  const product = await shop.newProduct(10)
  const account = await api.request<{ user: { id: string } }>('POST', '/users/register', {
    body: { ...person, password },
  })
  const token = await api.logIn(person.email, password)
  const { cart } = await paying.filled({ token }, product)
  const { delivery } = cart as unknown as { delivery: { shippingMethod: string } }
  const sent = { address: home, shippingMethod: delivery.shippingMethod }
  const own = await paying.send<typeof cart>('PUT', '/cart/delivery', { token }, sent)
  const order = (await paying.buy({ token }, own.body)).body.order!
  const mailbox = await mailboxOf(shop)
  await mailbox.only(person.email, /^Receipt/)
  const parcel = { lines: [{ lineId: order.items[0]!.lineId, quantity: 1 }], carrier: 'Post' }
  const { body: shipment } = await api.request<{ id: string }>('POST', `/orders/${order.id}/shipments`, {
    ...{ token: admin, body: parcel },
  })
  await api.request('PATCH', `/shipments/${shipment.id}`, { token: admin, body: { status: 'delivered' } })
  await paying.filled({ token }, product)
  await paying.send('PUT', '/cart/delivery', { token }, { address: home })
  await api.request('POST', '/users/me/addresses', { token, body: { address: home } })
  await eventually('the person is erased', async () => {
    const { status } = await api.request('DELETE', '/users/me', { token, body: { password } })
    return status === 204
  })
  return account.body.user
}
