import t, { type Test } from 'tap'
import { readStackFile } from '../config/stack-file.ts'
import { eventually } from '../platform/testing/eventually.ts'
import { payingAt, type PaymentBody } from './testing/paying.ts'
import { openManyAtSandbox } from './testing/sandbox.ts'
import { openOneProcess, type Shop } from './testing/shop.ts'

// Money is authorized at the checkout and taken when the first parcel is packed.

t.setTimeout(600_000)
const packed = { carrier: 'Post', status: 'packed' }
const env = { PAYMENT_CAPTURE: 'shipment', PAYMENT_ATTEMPTS_PER_HOUR: '1000' }

t.test('in one process', async (t) => {
  const shop = await openOneProcess(t, env)
  const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR!)) ?? {}
  await suite(t, shop, paymentSandboxUrl)
})

t.test('in many processes', async (t) => {
  const { shop, sandbox } = await openManyAtSandbox(t, env)
  await suite(t, shop, sandbox.url)
})

async function suite(t: Test, shop: Shop, sandboxUrl: string): Promise<void> {
  const till = await payingAt(shop, sandboxUrl)
  const { send, admin, orderIs } = till
  const product = await shop.newProduct(1_000)
  const paymentIs = (id: string, wanted: Partial<PaymentBody>) =>
    eventually(`the payment is ${JSON.stringify(wanted)}`, async () => {
      const { body } = await send<PaymentBody>('GET', `/payments/${id}`, admin)
      return Object.entries(wanted).every(([name, value]) => body[name as keyof PaymentBody] === value)
    })
  async function authorized(quantity: number) {
    const bought = await till.bought(product, {}, quantity)
    await orderIs(bought.who, bought.id, { status: 'paid', paymentStatus: 'authorized' })
    await paymentIs(bought.paymentId, { status: 'authorized', captured: 0 })
    return { ...bought, amount: bought.answer.body.order!.total }
  }
  const pack = async (orderId: string, quantity: number) => {
    const { body: order } = await send<{ items: { lineId: string }[] }>('GET', `/orders/${orderId}`, admin)
    const lines = [{ lineId: order.items[0]!.lineId, quantity }]
    const answer = await send<{ id: string }>('POST', `/orders/${orderId}/shipments`, admin, {
      ...packed,
      lines,
    })
    t.equal(answer.status, 201)
    return answer.body.id
  }
  const receiptsOf = async (orderId: string) =>
    (await send<{ data: readonly unknown[] }>('GET', `/orders/${orderId}/receipts`, admin)).body.data.length

  t.test('the first parcel of two takes all of it, once, and brings the receipt', async (t) => {
    const { who, id, paymentId, amount } = await authorized(3)
    t.equal(await receiptsOf(id), 0, 'nothing was taken, so there is nothing to confirm')
    await pack(id, 1)
    await paymentIs(paymentId, { status: 'captured', captured: amount })
    await orderIs(who, id, { status: 'paid', paymentStatus: 'paid' })
    await eventually('the receipt is there', async () => (await receiptsOf(id)) === 1)
    await pack(id, 2)
    t.match(await till.chargesOf(id), [{ captured: Math.round(amount * 100), refunded: 0 }])
  })

  t.test('an order that is canceled before it was packed gives back what was authorized', async (t) => {
    const { who, id, paymentId } = await authorized(1)
    t.equal((await send('POST', `/orders/${id}/cancel`, who, {})).status, 200)
    await paymentIs(paymentId, { status: 'voided', captured: 0 })
    t.match(await till.chargesOf(id), [{ captured: 0, refunded: 0 }])
  })

  t.test('units that were not found are taken by nobody', async (t) => {
    const { who, id, amount } = await authorized(2)
    const { body: order } = await send<{ items: { lineId: string; unitPrice: number }[] }>(
      ...(['GET', `/orders/${id}`, admin] as const),
    )
    const [line] = order.items
    const lines = [{ lineId: line!.lineId, quantity: 1, short: true }]
    t.equal((await send('POST', `/orders/${id}/shipments`, admin, { ...packed, lines })).status, 201)
    await orderIs(who, id, { paymentStatus: 'paid' })
    const due = Math.round((amount - line!.unitPrice) * 100)
    await eventually('no cent above what is due stays', async () => (await till.keptFor(id)) === due)
  })

  t.test('the audit finds all well', () => shop.auditIsClean())
}
