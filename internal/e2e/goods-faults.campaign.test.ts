import t, { type Test } from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { openApi, type Api, type OrderBody } from './testing/api.ts'
import { admin, openOneProcess, type Shop } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

// The process dies between what the payments have recorded and what the order knows of it.

type Paid = { readonly status: string; readonly paymentStatus: string }
type Payment = { readonly id: string; readonly amount: number; readonly captured: number }

/** The same shop in a new process, which may die as well. */
async function startAgain(t: Test, shop: Shop, failpoints: string): Promise<Api> {
  const stack = spawnMain(t, 'cmd/stack', { ...shop.env, TILLSTREAM_FAILPOINTS: failpoints })
  const [, url = ''] = await stack.says(/^ready (\S+)/m)
  return openApi(t, url)
}

const diesAt = async (shop: Shop, failpoint: string, work: () => Promise<unknown>): Promise<void> => {
  const [stack] = shop.processes.get('stack') ?? []
  await Promise.allSettled([work(), stack?.says(new RegExp(`failpoint ${failpoint} reached`))])
  await stack?.ended
}

async function openPaidShop(t: Test, failpoint: string) {
  const shop = await openOneProcess(t, { TILLSTREAM_FAILPOINTS: `${failpoint}:1` })
  const [token, product] = [await shop.api.newCustomer(), await shop.newProduct(10)]
  const { body: order } = await shop.api.request<OrderBody>('POST', '/orders', {
    token,
    headers: { prefer: 'wait=10' },
    body: { items: [{ productId: product.id, quantity: 4 }] },
  })
  const becomes = (api: Api, wanted: Partial<Paid>) =>
    eventually(
      `the order becomes ${JSON.stringify(wanted)}`,
      async () => {
        const { body } = await api.request<Paid>('GET', `/orders/${order.id}`, { token })
        return Object.entries(wanted).every(([name, value]) => body[name as keyof Paid] === value)
      },
      60_000,
    )
  const payments = async (api: Api) =>
    (await api.request<{ data: Payment[] }>('GET', `/orders/${order.id}/payments`, { token })).body.data
  return { shop, token, order, becomes, payments }
}

async function auditIsClean(api: Api): Promise<void> {
  const token = await api.logIn(admin.email, admin.password)
  await eventually(
    'the audit is clean',
    async () => (await api.request<{ ok: boolean }>('GET', '/admin/audit', { token })).body.ok,
    60_000,
  )
}

t.test('money at the bank that was recorded by a process that died makes the order paid, once', async (t) => {
  const { shop, order, becomes, payments } = await openPaidShop(t, 'money-recorded')
  const patch = (api: Api, token: string) =>
    api.request('PATCH', `/orders/${order.id}`, { token, body: { status: 'paid', reference: 'bank-1' } })
  await diesAt(shop, 'money-recorded', () => patch(shop.api, shop.adminToken))
  const api = await startAgain(t, shop, '')
  await becomes(api, { status: 'paid', paymentStatus: 'paid' })
  t.match(await patch(api, await api.logIn(admin.email, admin.password)), { status: 200 })
  t.match(await payments(api), [{ captured: order.total }])
  t.equal((await payments(api)).length, 1)
  await auditIsClean(api)
})

t.test('a short line is refunded once by whoever goes on after a process that died', async (t) => {
  const { shop, token, order, becomes, payments } = await openPaidShop(t, 'goods-credited')
  await shop.api.request('POST', `/orders/${order.id}/payments`, {
    token,
    body: { paymentMethod: 'card', paymentToken: 'pm_card_visa' },
  })
  await becomes(shop.api, { status: 'paid' })
  const lines = [{ lineId: order.items[0]!.lineId, quantity: 3, short: true }]
  await diesAt(shop, 'goods-credited', () =>
    shop.api.request('POST', `/orders/${order.id}/shipments`, {
      token: shop.adminToken,
      body: { lines, carrier: 'Post' },
    }),
  )
  const api = await startAgain(t, shop, '')
  await becomes(api, { status: 'shipped', paymentStatus: 'partially_refunded' })
  await auditIsClean(api)
  const sandbox = (await readStackFile(shop.env.DATA_DIR!))?.paymentSandboxUrl ?? ''
  type Charges = { readonly data: readonly { readonly captured: number; readonly refunds: unknown[] }[] }
  const { data } = (await (await fetch(`${sandbox}/control/charges`)).json()) as Charges
  t.match(data, [{ captured: Math.round(order.total * 100), refunded: Math.round(order.total * 25) }])
  t.equal(data[0]?.refunds.length, 1)
  t.equal((await payments(api)).length, 1)
})
