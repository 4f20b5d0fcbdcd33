import pg from 'pg'
import t from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { chromiumMissing } from './testing/browser.ts'
import { act, goTo, tillOf, visitAsAdmin } from './testing/console-visits.ts'
import { openShopPages } from './testing/open-shop-pages.ts'

// The console of web/ in a real Chromium: money about which a person has to decide.

type Money = { readonly ref: string; readonly amount: number }
type Refund = { readonly id: string; readonly status: string; readonly orderId: string }
type Message = { readonly id: string; readonly resource: string }

t.test('money in the console', { skip: chromiumMissing ?? false }, async (t) => {
  const { shop, visit } = await openShopPages(t, 'console')
  const till = await tillOf(shop)
  const { api, adminToken: token } = shop
  const product = await shop.newProduct(50)
  const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR ?? '')) ?? {}
  const list = async <Entry>(path: string) =>
    (await api.request<{ data: readonly Entry[] }>('GET', path, { token })).body.data

  /** Somebody pays at the provider, past the shop. */
  async function strangeMoney(cents: number): Promise<string> {
    const form = { amount: String(cents), currency: 'usd', confirm: 'true', payment_method: 'pm_card_visa' }
    const answer = await fetch(`${paymentSandboxUrl}/v1/payment_intents`, {
      ...{ method: 'POST', headers: { authorization: 'Bearer sk_test_sandbox' } },
      body: new URLSearchParams({ ...form, return_url: 'https://shop.example' }),
    })
    return ((await answer.json()) as { readonly id: string }).id // as Stripe documents it
  }

  t.test('money without an order is assigned to one, or noted as given back', async (t) => {
    const offline = await till.bought(product, { paymentMethod: 'invoice', paymentToken: undefined })
    const { total } = await till.orderNow(offline.who, offline.id)
    const refs = [await strangeMoney(Math.round(total * 100)), await strangeMoney(777)]
    await eventually('both are found', async () => (await list<Money>('/admin/suspense')).length === 2)
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await goTo(page, 'Money')
    const rowOf = (ref = '') => page.getByRole('row').filter({ hasText: ref })
    await rowOf(refs[1]).waitFor()
    t.same(await visitor.violations(), [])
    await act(rowOf(refs[0]), /^Assign to an order/, {
      fill: { 'Id of the order': offline.id },
      confirm: 'Assign to an order',
    })
    await till.orderIs(till.admin, offline.id, { paymentStatus: 'paid' })
    await act(rowOf(refs[1]), /^Was given back/, {
      fill: { 'Reference of the bank or the provider': 'back-1' },
      confirm: 'Was given back',
    })
    await page.getByText('All money belongs to something.').waitFor()
    t.same(await list('/admin/suspense'), [])
    t.same(visitor.faults, [])
  })

  t.test('what goes back at the bank is recorded', async (t) => {
    const { id } = await till.bought(product, { paymentMethod: 'invoice', paymentToken: undefined })
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await page.goto(`orders/${id}`)
    await act(page, 'Record payment', {
      fill: { 'Reference of the bank': 'B-7' },
      confirm: 'Record the payment',
    })
    await till.orderIs(till.admin, id, { paymentStatus: 'paid' })
    await act(page, 'Cancel order', { fill: { Reason: 'broken' }, confirm: 'Cancel the order' })
    await eventually('it waits for staff', async () => (await list('/admin/refunds')).length === 1)
    await goTo(page, 'Money')
    const row = page.getByRole('row').filter({ hasText: id.slice(-8) })
    await row.waitFor()
    t.same(await visitor.violations(), [])
    await act(row, /^Was paid back/, {
      fill: { 'Reference of the bank or the provider': 'B-8' },
      confirm: 'Was paid back',
    })
    await page.getByText('No refund is under way.').waitFor()
    t.same(await list<Refund>('/admin/refunds'), [])
    await till.orderIs(till.admin, id, { paymentStatus: 'refunded' })
    t.same(visitor.faults, [])
  })

  t.test('a message of a provider that nobody could handle is handled again', async (t) => {
    const { paymentId, id } = await till.bought(product)
    await till.orderIs(till.admin, id, { paymentStatus: 'paid' })
    const ref = (await till.chargesOf(id))[0]?.ref ?? ''
    t.ok(paymentId)
    const client = new pg.Client({ connectionString: shop.databaseUrl })
    await client.connect()
    t.teardown(() => client.end())
    await client.query(
      `insert into payments.inbox (provider, event_id, resource, what, status, next_at, received_at, ended_at)
       values ('stripe', 'evt_dead', $1, 'payment_intent.succeeded', 'dead', now(), now(), now())`,
      [ref],
    )
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await goTo(page, 'Money')
    const row = page.getByRole('row').filter({ hasText: ref })
    await row.waitFor()
    t.match(await list<Message>('/admin/provider-messages'), [{ resource: ref }])
    t.same(await visitor.violations(), [])
    await act(row, /^Handle again/, { confirm: 'Handle again' })
    await page.getByText('All messages of the providers were handled.').waitFor()
    t.same(await list<Message>('/admin/provider-messages'), [])
    await shop.auditIsClean()
    t.same(visitor.faults, [])
  })
})
