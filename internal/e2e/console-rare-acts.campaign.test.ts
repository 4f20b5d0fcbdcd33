import pg from 'pg'
import type { Page } from 'playwright-core'
import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { chromiumMissing } from './testing/browser.ts'
import { act, tillOf, visitAsAdmin } from './testing/console-visits.ts'
import { mailboxOf } from './testing/mailbox.ts'
import { openShopPages } from './testing/open-shop-pages.ts'

// The console of web/ in a real Chromium: what is done now and then. A parcel that is unpacked, lost and found, returns that
// are declined and refused, a message that is sent again, and what can be changed of a webhook.

type Order = Readonly<Record<'status' | 'fulfilmentStatus' | 'returnStatus', string>>
type Tracking = { readonly shipments: readonly { readonly status: string }[] }
type Return = { readonly status: string }
type Webhook = { readonly id: string; readonly isPaused: boolean; readonly events: readonly string[] }

t.test('rare acts in the console', { skip: chromiumMissing ?? false }, async (t) => {
  const { shop, visit } = await openShopPages(t, 'console')
  const till = await tillOf(shop)
  const { api, adminToken: token } = shop
  const product = await shop.newProduct(50)
  const list = async <Entry>(path: string) =>
    (await api.request<{ data: readonly Entry[] }>('GET', path, { token })).body.data
  const becomes = (id: string, wanted: Partial<Order>) => till.orderIs(till.admin, id, wanted)

  async function paidOrder(quantity: number): Promise<string> {
    const { id } = await till.bought(product, {}, quantity)
    await till.orderIs(till.admin, id, { paymentStatus: 'paid' })
    return id
  }

  async function parcelsBecome(id: string, ...wanted: readonly string[]): Promise<void> {
    await eventually(`parcels of ${id} are ${wanted.join()}`, async () => {
      const { body } = await till.send<Tracking>('GET', `/orders/${id}/tracking`, till.admin)
      return body.shipments.map(({ status }) => status).join() === wanted.join()
    })
  }

  async function pack(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Ship', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Carrier').fill('Post')
    await dialog.getByLabel('Only packed').check()
    await dialog.getByRole('button', { name: 'Make the parcel' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  t.test('a parcel is unpacked, packed again, sent off, lost and found; then all is done', async (t) => {
    const id = await paidOrder(2)
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await page.goto(`orders/${id}`)
    await pack(page)
    await parcelsBecome(id, 'packed')
    await act(page, /^Unpack/, { confirm: 'Unpack' })
    await parcelsBecome(id, 'canceled')
    await pack(page)
    await parcelsBecome(id, 'canceled', 'packed')
    await act(page, /^Send off/, { confirm: 'Send off' })
    await becomes(id, { fulfilmentStatus: 'shipped' })
    await act(page, /^Lost/, { confirm: 'Lost' })
    await parcelsBecome(id, 'canceled', 'lost')
    await act(page, /^Delivered/, { confirm: 'Delivered' })
    await becomes(id, { fulfilmentStatus: 'delivered' })
    t.same(await visitor.violations(), [])
    await act(page, 'Complete', { confirm: 'Complete the order' })
    await becomes(id, { status: 'completed' })
    t.same(visitor.faults, [])
  })

  t.test('one return is declined, and the goods of another are refused', async (t) => {
    const id = await paidOrder(3)
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await page.goto(`orders/${id}`)
    await act(page, 'Ship', { fill: { Carrier: 'Post' }, confirm: 'Make the parcel' })
    await act(page, /^Delivered/, { confirm: 'Delivered' })
    await becomes(id, { fulfilmentStatus: 'delivered' })
    const returnsBecome = (...wanted: readonly string[]) =>
      eventually(`returns are ${wanted.join()}`, async () => {
        const all = await list<Return>(`/orders/${id}/returns`)
        return (
          all
            .map(({ status }) => status)
            .sort()
            .join() === wanted.join()
        )
      })
    const begin = { fill: { '/ 3': '1', Reason: 'too big' }, confirm: 'Begin the return' }
    await act(page, 'New return', begin)
    await act(page, 'Decline', { confirm: 'Decline' })
    await returnsBecome('declined')
    await act(page, 'New return', begin)
    await act(page, 'Approve', { confirm: 'Approve' })
    await act(page, 'Receive', { confirm: 'Book the goods' })
    await returnsBecome('declined', 'received')
    await act(page, 'Refuse', { confirm: 'Refuse' })
    await returnsBecome('declined', 'refused')
    await act(page, 'Close the return', { confirm: 'Close the return' })
    await returnsBecome('closed', 'declined')
    t.equal((await till.keptFor(id)) > 0, true, 'no money has gone back')
    t.same(await visitor.violations(), [])
    t.same(visitor.faults, [])
  })

  t.test('a mail of which nobody knows whether it was sent is sent again', async (t) => {
    const username = 'told'
    const email = `${username}@example.com`
    await api.request('POST', '/users/register', { body: { username, email, password: 'a-long-password' } })
    const mailbox = await mailboxOf(shop)
    await mailbox.only(email, /[wW]elcome/)
    const client = new pg.Client({ connectionString: shop.databaseUrl })
    await client.connect()
    t.teardown(() => client.end())
    const [user] = await list<{ id: string }>('/admin/users?q=told')
    await eventually('it is forgotten that it was sent', async () => {
      const { rowCount } = await client.query(
        `update notifications.deliveries set status = 'unknown', revision = revision + 1
         where kind = 'account.welcome' and status = 'sent' and recipient_id = $1`,
        [user?.id],
      )
      return rowCount === 1
    })
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await page.goto('notifications?status=unknown')
    await act(page, /^Send again/, { confirm: 'Send again' })
    await page.getByText('It is being sent.').waitFor()
    await eventually('it is there twice', async () => (await mailbox.to(email, /[wW]elcome/)).length === 2)
    await eventually(
      'it is said to be sent',
      async () => (await list('/admin/notifications?status=unknown')).length === 0,
    )
    t.same(await visitor.violations(), [])
    t.same(visitor.faults, [])
  })

  t.test('a webhook is changed, paused, resumed, and signed with a new secret', async (t) => {
    const made = await api.request<Webhook>('POST', '/admin/webhooks', {
      ...{ token, body: { url: 'https://example.com/hook', events: ['order.*'] } },
    })
    const { id } = made.body
    const now = async () => (await list<Webhook>('/admin/webhooks')).find((each) => each.id === id)
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await page.goto(`webhooks/${id}`)
    await act(page, 'Change', { fill: { Events: 'refund.*\npayment.captured' }, confirm: 'Change' })
    await eventually(
      'it wants other events',
      async () => (await now())?.events.join() === 'refund.*,payment.captured',
    )
    await act(page, 'Pause', { confirm: 'Pause' })
    await eventually('it is paused', async () => (await now())?.isPaused === true)
    await act(page, 'Resume', { confirm: 'Resume' })
    await eventually('it is resumed', async () => (await now())?.isPaused === false)
    await page.getByRole('button', { name: 'New secret' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
    t.match(await page.getByText(/^whsec_/).textContent(), /^whsec_.{30,}$/)
    t.same(await visitor.violations(), [])
    await page.getByRole('button', { name: 'I have it' }).click()
    t.same(visitor.faults, [])
  })
})
