import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { openApi } from './testing/api.ts'
import { openOneProcess } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

// The process dies between an order that is paid and its receipt, and between the receipt and the note of it.

for (const point of ['paid-receipt', 'receipt-mark']) {
  t.test(`a process that dies at ${point} leaves one receipt behind, and no gap`, async (t) => {
    const { env: armed, ...shop } = await openOneProcess(t, { TILLSTREAM_FAILPOINTS: `${point}:2` })
    const { TILLSTREAM_FAILPOINTS: _, ...env } = armed
    const product = await shop.newProduct(100)
    const token = await shop.api.newCustomer()
    const buy = async (): Promise<string> => {
      const items = [{ productId: product.id, quantity: 1 }]
      const { body } = await shop.api.request<{ id: string }>('POST', '/orders', { token, body: { items } })
      await shop.settled(body.id, token)
      const card = { paymentMethod: 'card', paymentToken: 'pm_card_visa' }
      await shop.api.request('POST', `/orders/${body.id}/payments`, { token, body: card })
      return body.id
    }
    const first = await buy()
    type Documents = { readonly data: readonly { readonly number: string }[] }
    await eventually('the first order has its receipt', async () => {
      const { body } = await shop.api.request<Documents>('GET', `/orders/${first}/receipts`, { token })
      return body.data.length === 1
    })
    const second = await buy()
    const [stack] = shop.processes.get('stack') ?? []
    t.equal(await stack?.ended, 'SIGKILL')
    t.match(stack?.output(), `failpoint ${point} reached`)
    const next = spawnMain(t, 'cmd/stack', env)
    const [, url = ''] = await next.says(/^ready (\S+)/m)
    const api = openApi(t, url)
    const numbers: string[] = []
    for (const id of [first, second]) {
      const receipts = await eventually('there is a receipt', async () => {
        const { body } = await api.request<Documents>('GET', `/orders/${id}/receipts`, { token })
        return body.data.length > 0 && body.data
      })
      numbers.push(...receipts.map(({ number }) => number))
    }
    t.strictSame(numbers, ['R-000001', 'R-000002'])
  })
}
