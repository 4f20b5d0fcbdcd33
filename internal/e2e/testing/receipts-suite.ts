import { type Test } from 'tap'
import { extractText } from 'unpdf'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Shop } from './shop.ts'

export const receiptsSettings = {
  ...{ SHOP_NAME: 'Our Shop', SHOP_ADDRESS: '1 High Street\\nLondon' },
  // The sweeper issues none, so all of them come by events.
  SWEEP_AFTER_SECONDS: '3600',
}

/** Orders are paid for at the sandbox; receipts and credit notes follow by themselves. */
export async function receiptsSuite(t: Test, shop: Shop): Promise<void> {
  const { api, adminToken: admin } = shop
  const product = await shop.newProduct(100)
  const token = await api.newCustomer()

  type Document = {
    readonly id: string
    readonly kind: string
    readonly number: string
    readonly receiptId?: string
    readonly refundId?: string
    readonly total: number
    readonly items: readonly { readonly sku: string; readonly quantity: number; readonly total: number }[]
    readonly seller: { readonly name: string; readonly address?: string }
  }

  async function newOrder(quantity: number) {
    const { body } = await api.request<{ id: string }>('POST', '/orders', {
      token,
      body: { items: [{ productId: product.id, quantity }] },
    })
    return shop.settled(body.id, token)
  }

  async function pay(orderId: string): Promise<string> {
    const body = { paymentMethod: 'card', paymentToken: 'pm_card_visa' }
    return (await api.request<{ id: string }>('POST', `/orders/${orderId}/payments`, { token, body })).body.id
  }

  async function documentsOf(orderId: string): Promise<readonly Document[]> {
    const path = `/orders/${orderId}/receipts`
    return (await api.request<{ data: readonly Document[] }>('GET', path, { token })).body.data
  }

  async function documents(orderId: string, count: number): Promise<readonly Document[]> {
    let found: readonly Document[] = []
    await eventually(`there are ${count} documents`, async () => {
      found = await documentsOf(orderId)
      return found.length === count
    })
    return found
  }

  const refund = (paymentId: string, body: object) =>
    api.request<{ id: string }>('POST', `/payments/${paymentId}/refunds`, { token: admin, body })

  async function pdfOf(id: string, who = token) {
    const response = await fetch(`${shop.url}/receipts/${id}.pdf`, {
      headers: { authorization: `Bearer ${who}` },
    })
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) }
  }

  t.test('paid, partly refunded, and the rest refunded: a receipt and two credit notes', async (t) => {
    const order = await newOrder(3)
    t.strictSame(await documentsOf(order.id), [])
    const payment = await pay(order.id)
    const [receipt] = await documents(order.id, 1)
    t.match(receipt, {
      ...{ kind: 'receipt', number: /^R-\d{6}$/, total: order.total },
      items: [{ sku: product.sku, quantity: 3, total: order.total }],
      seller: { name: 'Our Shop', address: '1 High Street\nLondon' },
    })
    const first = await refund(payment, {
      lines: [{ lineId: order.items[0]!.lineId, quantity: 1 }],
      reason: 'a scratch',
    })
    const [, note] = await documents(order.id, 2)
    t.match(note, {
      ...{ kind: 'credit-note', number: /^C-\d{6}$/, receiptId: receipt!.id, refundId: first.body.id },
      items: [{ quantity: 1 }],
    })
    await refund(payment, { reason: 'the rest' })
    const [, ...notes] = await documents(order.id, 3)
    const cents = (amount: number): number => Math.round(amount * 100)
    t.equal(
      notes.reduce((sum, { total }) => sum + cents(total), 0),
      cents(order.total),
    )
  })

  t.test('a document is shown to its customer and to admins, as JSON and as PDF', async (t) => {
    const order = await newOrder(1)
    await pay(order.id)
    const [receipt] = await documents(order.id, 1)
    const path = `/receipts/${receipt!.id}`
    for (const who of [token, admin])
      t.match(await api.request('GET', path, { token: who }), { body: receipt })
    const { response, bytes } = await pdfOf(receipt!.id)
    t.equal(response.status, 200)
    t.match(Object.fromEntries(response.headers), {
      'content-type': 'application/pdf',
      'cache-control': 'no-store',
      'content-disposition': `inline; filename="${receipt!.number}.pdf"`,
    })
    const { text } = await extractText(bytes, { mergePages: true })
    for (const words of [receipt!.number, 'Our Shop', product.sku, order.total.toFixed(2)])
      t.match(text, words)
    const stranger = await api.newCustomer()
    t.match(await api.request('GET', path, { token: stranger }), { status: 404 })
    t.equal((await pdfOf(receipt!.id, stranger)).response.status, 404)
    t.match(await api.request('GET', `/orders/${order.id}/receipts`, { token: stranger }), { status: 404 })
    t.match(await api.request('GET', path), { status: 401 })
  })

  t.test('a canceled order is credited in full, and one that nobody paid for has nothing', async (t) => {
    const [order, unpaid] = [await newOrder(2), await newOrder(1)]
    await pay(order.id)
    await documents(order.id, 1)
    for (const { id } of [order, unpaid])
      await api.request('POST', `/orders/${id}/cancel`, { token, body: {} })
    t.match(await documents(order.id, 2), [{ total: order.total }, { total: order.total }])
    t.strictSame(await documentsOf(unpaid.id), [])
  })

  t.test('an order that was shipped before it was paid for has a receipt as well', async (t) => {
    const order = await newOrder(1)
    await api.request('PATCH', `/orders/${order.id}`, { token: admin, body: { status: 'shipped' } })
    await pay(order.id)
    t.match(await documents(order.id, 1), [{ kind: 'receipt', total: order.total }])
  })

  t.test('the audit finds all well', () => shop.auditIsClean())
}
