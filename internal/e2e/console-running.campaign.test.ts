import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { chromiumMissing } from './testing/browser.ts'
import { act, goTo, visitAsAdmin } from './testing/console-visits.ts'
import { openShopPages } from './testing/open-shop-pages.ts'
import { openRogue } from './testing/rogue.ts'

// The console of web/ in a real Chromium: who may do what, and whether everything runs.

type Webhook = { readonly id: string; readonly isPaused: boolean }
type Letter = { readonly id: string; readonly status: string }

t.test('running the shop from the console', { skip: chromiumMissing ?? false }, async (t) => {
  const { shop, visit } = await openShopPages(t, 'console', { WEBHOOKS_ALLOW_PRIVATE: 'true' })
  const { api, adminToken: token } = shop
  const list = async <Entry>(path: string) =>
    (await api.request<{ data: readonly Entry[] }>('GET', path, { token })).body.data

  t.test('somebody becomes staff, is blocked, and a key is made and removed', async (t) => {
    await api.request('POST', '/users/register', {
      body: { username: 'packer', email: 'packer@example.com', password: 'a-long-enough-password' },
    })
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await page.goto('accounts?q=packer')
    const row = page.getByRole('row').filter({ hasText: 'packer@example.com' })
    await row.getByRole('button', { name: /^Role and permissions/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Role').selectOption('staff')
    await dialog.getByLabel('orders:write').check()
    t.same(await visitor.violations(), [])
    await dialog.getByRole('button', { name: 'Change it' }).click()
    await row.getByText('Staff', { exact: true }).waitFor()
    t.match(await list('/admin/users?q=packer'), [{ role: 'staff', permissions: ['orders:write'] }])
    await act(row, /^Block/, { confirm: 'Block' })
    await row.getByText('Blocked').waitFor()
    t.match(await list('/admin/users?q=packer'), [{ blocked: true }])
    await act(row, /^Unblock/, { confirm: 'Unblock' })
    await act(row, /^Erase/, {
      fill: { 'Type packer@example.com to confirm': 'packer@example.com' },
      confirm: 'Erase',
    })
    await row.waitFor({ state: 'detached' })
    t.same(await list('/admin/users?q=packer'), [])
    await goTo(page, 'API keys')
    await page.getByRole('button', { name: 'New key' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('ERP')
    await page.getByRole('dialog').getByLabel('orders:read').check()
    await page.getByRole('dialog').getByRole('button', { name: 'New key' }).click()
    const key = await page.getByText(/^tsk_/).textContent()
    t.equal((await api.request('GET', '/orders', { token: key ?? '' })).status, 200)
    await page.getByRole('button', { name: 'I have it' }).click()
    await act(page, 'Remove ERP', { confirm: 'Remove' })
    await page.getByText('There is no key.').waitFor()
    t.same(await visitor.violations(), [])
    t.same(visitor.faults, [])
  })

  t.test('a webhook is added, sent again, replayed, paused and removed', async (t) => {
    const heard: string[] = []
    const receiver = createServer((request, response) => {
      heard.push(String(request.headers['webhook-id']))
      response.end()
    }).listen(0, '127.0.0.1')
    t.teardown(() => receiver.close())
    await eventually('the receiver listens', async () => receiver.listening)
    const { port } = receiver.address() as AddressInfo
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await goTo(page, 'Webhooks')
    const url = `http://127.0.0.1:${port}/hook`
    await page.getByRole('button', { name: 'New webhook' }).click()
    await page.getByRole('dialog').getByLabel('Address').fill(url)
    await page.getByRole('dialog').getByLabel('Events').fill('product.created')
    await page.getByRole('dialog').getByRole('button', { name: 'New webhook' }).click()
    await page.getByText(/^whsec_/).waitFor()
    await page.getByRole('button', { name: 'I have it' }).click()
    await shop.newProduct(1)
    await page.getByRole('link', { name: url }).click()
    await page.getByText('Delivered').nth(1).waitFor()
    t.same(await visitor.violations(), [])
    await act(page, /^Send again/, { confirm: 'Send again' })
    await eventually('it is sent twice', async () => heard.length === 2 && new Set(heard).size === 1)
    await act(page, 'Replay', {
      fill: { From: '2020-01-01T00:00', Until: '2100-01-01T00:00' },
      confirm: 'Replay',
    })
    await eventually('it is replayed', async () => heard.length > 2)
    await act(page, 'Pause', { confirm: 'Pause' })
    await page.getByText('Nothing is sent there.').waitFor()
    t.match(await list<Webhook>('/admin/webhooks'), [{ isPaused: true }])
    await act(page, 'Remove', { confirm: 'Remove' })
    await page.getByText('Events are sent nowhere.').waitFor()
    t.same(visitor.faults, [])
  })

  t.test('dead letters are requeued and discarded, and the log knows', async (t) => {
    const rogue = await openRogue(t, shop.nats.url)
    for (const id of ['one', 'two', 'three'])
      await rogue.mayPublish('order.expired', '{"order":"none"}', {
        ...{ 'ce-id': id, 'ce-type': 'tillstream.order.expired.v1', 'ce-specversion': '1.0' },
      })
    const open = () => list<Letter>('/admin/dead-letters?status=open')
    await eventually('they are dead', async () => (await open()).length >= 3)
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await page
      .getByRole('link', { name: /dead letters/ })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor()
    t.same(await visitor.violations(), [])
    const before = (await open()).length
    for (const box of (await page.getByRole('checkbox').all()).slice(0, 2)) await box.check()
    await act(page, 'Discard 2', { fill: { Reason: 'nonsense' }, confirm: 'Discard 2' })
    await eventually('two are discarded', async () => (await open()).length === before - 2)
    await page.getByRole('rowheader').getByRole('link').first().click()
    await page.getByRole('heading', { level: 1, name: 'order.expired' }).waitFor()
    t.same(await visitor.violations(), [])
    await act(page, 'Requeue', { confirm: 'Requeue' })
    await goTo(page, 'Who did what')
    await page.getByText('dead-letter.discarded').first().waitFor()
    t.same(await visitor.violations(), [])
    await goTo(page, 'Audit')
    await page.getByRole('button', { name: 'Run the audit' }).click()
    await page.getByText(/that must be true is true|not as it must be/).waitFor()
    t.same(await visitor.violations(), [])
    for (const name of ['System', 'Messages', 'Money', 'Overview']) {
      await goTo(page, name)
      t.same(await visitor.violations(), [])
    }
    t.same(visitor.faults, [])
  })

  t.test('a service that is away is said, asked again, and nothing that was typed is lost', async (t) => {
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    let refusals = 0
    await page.route('**/admin/promotions', async (route) => {
      if (route.request().method() !== 'POST' || ++refusals > 2) return route.continue()
      return route.fulfill({
        ...{ status: 503, headers: { 'retry-after': '1' }, contentType: 'application/problem+json' },
        body: JSON.stringify({ status: 503, code: 'overloaded', detail: 'come again' }),
      })
    })
    await goTo(page, 'Promotions')
    await page.getByRole('button', { name: 'New promotion' }).click()
    await page.getByRole('dialog').getByLabel('Code', { exact: true }).fill('LATER')
    await page.getByRole('dialog').getByLabel('Value').fill('5')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('Tillstream does not answer at the moment.').waitFor()
    await page.getByRole('row').filter({ hasText: 'LATER' }).waitFor()
    t.equal(refusals, 3)
    await page.route('**/orders?**', (route) => route.abort('connectionrefused'))
    await goTo(page, 'Orders')
    await page.getByText('Tillstream does not answer at the moment.').waitFor()
    await page.unroute('**/orders?**')
    await page.getByText('Nobody has ordered anything yet.').waitFor()
  })
})
