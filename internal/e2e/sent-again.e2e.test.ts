import t from 'tap'
import type { OrderBody } from './testing/api.ts'
import { openOneProcess } from './testing/shop.ts'

// Parcels that are lost or come back, with the stock that there is.

t.setTimeout(180_000)
const shop = await openOneProcess(t)
const { api, adminToken: admin } = shop
const customer = await api.newCustomer()

type Parcel = { readonly id: string; readonly status: string; readonly replaces?: string }
type Problem = { readonly code: string }

/** An order of two of five units, which have left. */
async function sent() {
  const product = await shop.newProduct(5)
  const { body: placed } = await api.request<OrderBody>('POST', '/orders', {
    token: customer,
    body: { items: [{ productId: product.id, quantity: 2 }] },
  })
  const order = await shop.settled(placed.id, customer)
  const lines = [{ lineId: order.items[0]!.lineId, quantity: 2 }]
  const { body } = await api.request<Parcel>('POST', `/orders/${order.id}/shipments`, {
    token: admin,
    body: { lines, carrier: 'Post' },
  })
  const became = (id: string, status: string) =>
    api.request<Parcel>('PATCH', `/shipments/${id}`, { token: admin, body: { status } })
  const resend = (id: string, key: string) =>
    api.request<Parcel & Problem>('POST', `/shipments/${id}/resend`, {
      token: admin,
      headers: { 'idempotency-key': key },
      body: { carrier: 'Courier' },
    })
  const stock = async () =>
    (await api.request<{ stock: number }>('GET', `/products/${product.id}`, { token: admin })).body.stock
  return { order, parcel: body, lines, became, resend, stock }
}

t.test('lost goods leave again as long as there are some, however often it is asked', async (t) => {
  const { order, parcel, became, resend, stock } = await sent()
  await became(parcel.id, 'lost')
  const answers = await Promise.all(Array.from({ length: 6 }, () => resend(parcel.id, `again-${parcel.id}`)))
  const [{ body: second }] = [answers[0]!]
  for (const { status, body } of answers) t.match({ status, body }, { status: 201, body: { id: second.id } })
  t.match(second, { status: 'shipped', replaces: parcel.id })
  t.equal(await stock(), 1)
  await became(second.id, 'lost')
  const short = await resend(second.id, `again-${second.id}`)
  t.match([short.status, short.body.code], [409, 'shipment.out-of-stock'])
  t.equal(await stock(), 1)
  const { body } = await api.request<{ shipments: Parcel[] }>('GET', `/orders/${order.id}/tracking`, {
    token: customer,
  })
  t.match(body.shipments, [{ status: 'resent' }, { status: 'lost' }])
})

t.test('what came back leaves again without the stock, and what was withdrawn from does not', async (t) => {
  const { order, parcel, lines, became, resend, stock } = await sent()
  await became(parcel.id, 'returned')
  const { body: second } = await resend(parcel.id, `again-${parcel.id}`)
  t.equal(await stock(), 3)
  await became(second.id, 'returned')
  const { body: withdrawn } = await api.request<{ id: string }>('POST', `/orders/${order.id}/returns`, {
    token: customer,
    body: { lines, withdrawal: true },
  })
  const refused = await resend(second.id, `again-${second.id}`)
  t.match([refused.status, refused.body.code], [409, 'shipment.refunded'])
  const declined = await api.request<Problem>('PATCH', `/returns/${withdrawn.id}`, {
    token: admin,
    body: { status: 'declined' },
  })
  t.match([declined.status, declined.body.code], [409, 'return.withdrawal'])
})

t.test('after all this the invariants hold', async () => shop.auditIsClean())
