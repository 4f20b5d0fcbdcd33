import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { openApi, type OrderBody } from './testing/api.ts'
import { answerPage } from './testing/sandbox.ts'
import { readStackFile } from '../config/stack-file.ts'
import { openOneProcess } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

type Payment = { readonly id: string; readonly action?: { readonly url: string } }

t.test('a process that dies between the opened gate and the paid order is gone on with', async (t) => {
  const settings = { ORDER_HOLD_SECONDS: '6', SWEEP_AFTER_SECONDS: '1' }
  const shop = await openOneProcess(t, { ...settings, TILLSTREAM_FAILPOINTS: 'gate-reopened:1' })
  const { api, env } = shop
  const token = await api.newCustomer()
  const product = await shop.newProduct(3)
  const { body: order } = await api.request<OrderBody>('POST', '/orders', {
    token,
    headers: { prefer: 'wait=10' },
    body: { items: [{ productId: product.id, quantity: 2 }] },
  })
  const { body: payment } = await api.request<Payment>('POST', `/orders/${order.id}/payments`, {
    token,
    body: {
      ...{ paymentMethod: 'card', paymentToken: 'pm_card_threeDSecure2Required' },
      returnUrl: 'http://localhost:3000/thanks',
    },
  })
  const page = await eventually('the customer is sent to his bank', async () => {
    return (await api.request<Payment>('GET', `/payments/${payment.id}`, { token })).body.action?.url
  })
  const statusOf = async (from: typeof api) =>
    (await from.request<OrderBody>('GET', `/orders/${order.id}`, { token })).body.status
  await eventually('it has expired', async () => (await statusOf(api)) === 'expired', 60_000)
  const sandbox = (await readStackFile(env.DATA_DIR!))?.paymentSandboxUrl ?? ''
  await fetch(`${sandbox}/control`, { method: 'PUT', body: JSON.stringify({ lateCapture: 1 }) })
  const [stack] = shop.processes.get('stack') ?? []
  await answerPage(page, 'approve')
  t.equal(await stack?.ended, 'SIGKILL')
  t.match(stack?.output(), 'failpoint gate-reopened reached')

  const { TILLSTREAM_FAILPOINTS: _, ...healthy } = env
  const [, url = ''] = await spawnMain(t, 'cmd/stack', healthy).says(/^ready (\S+)/m)
  const again = openApi(t, url)
  await eventually('it is paid', async () => (await statusOf(again)) === 'paid', 60_000)
  const { body } = await again.request<{ stock: number }>('GET', `/products/${product.id}`, { token })
  t.equal(body.stock, 1, 'its stock is held once')
  await eventually('the audit finds all well', async () => {
    const { body } = await again.request<{ ok: boolean }>('GET', '/admin/audit', { token: shop.adminToken })
    return body.ok
  })
})
