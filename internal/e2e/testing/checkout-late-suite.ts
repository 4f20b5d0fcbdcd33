import { type Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import type { Cart } from './buying.ts'
import { payingAt, secure } from './paying.ts'
import { answerPage } from './sandbox.ts'
import type { Shop } from './shop.ts'

const holdSeconds = 8
export const checkoutLateSettings = {
  ...{ PAYMENT_HOLD_SECONDS: String(holdSeconds), PAYMENT_ACTION_HOLD_SECONDS: String(holdSeconds) },
  // What comes sooner than this has come by an event.
  SWEEP_AFTER_SECONDS: '12',
}

/** The hold of a checkout's order ends while its customer is at the bank, and the bank approves all the same. */
export async function checkoutLateSuite(t: Test, shop: Shop, sandboxUrl: string): Promise<void> {
  const till = await payingAt(shop, sandboxUrl)
  const { admin, send } = till
  await till.control('PUT', '', { lateCapture: 1 })

  const becomes = (id: string, status: string, paymentStatus?: string) =>
    eventually(
      `order ${id} becomes ${status} ${paymentStatus ?? ''}`,
      async () => {
        const order = await till.orderNow(admin, id)
        return (
          order.status === status && (paymentStatus === undefined || order.paymentStatus === paymentStatus)
        )
      },
      90_000,
    )

  async function newCode(limit: number): Promise<string> {
    const code = `LATE-${newId().slice(-6)}`
    const promotion = { code, kind: 'percent', value: 10, limit }
    t.equal((await send('POST', '/admin/promotions', admin, promotion)).status, 201)
    return code
  }

  /** Two units with a promotion, whose customer is at the bank when the hold ends. */
  async function expiredAtTheBank(stock: number, code: string) {
    const product = await shop.newProduct(stock)
    const who = { token: await shop.api.newCustomer() }
    await till.filled(who, product, 2)
    const { body: cart } = await send<Cart>('POST', '/cart/promotions', who, { code })
    const { body } = await till.buy(who, cart, secure)
    const [id, paymentId] = [body.order?.id ?? '', body.payment?.id ?? '']
    const page = await till.pageOf(who, paymentId)
    await becomes(id, 'expired')
    await eventually('its stock is back', async () => (await till.stockOf(product)) === stock)
    return { product, who, id, order: body.order!, approve: () => answerPage(page, 'approve') }
  }

  t.test(
    'late money revives an order whose stock and promotion are left, and its receipt comes by the event',
    async (t) => {
      const { product, who, id, order, approve } = await expiredAtTheBank(3, await newCode(1))
      t.ok(order.discount > 0)
      await approve()
      await becomes(id, 'paid', 'paid')
      t.equal(await till.stockOf(product), 1)
      t.equal(await till.keptFor(id), Math.round(order.total * 100))
      const receipts = await eventually(
        'there is a receipt before any sweeper comes',
        async () => {
          const { body } = await send<{ data: { total: number }[] }>('GET', `/orders/${id}/receipts`, who)
          return body.data.length > 0 && body.data
        },
        8_000,
      )
      t.match(receipts, [{ total: order.total }])
    },
  )

  t.test('where no stock is left, it goes back in full', async () => {
    const { product, id, approve } = await expiredAtTheBank(3, await newCode(1))
    const other = await till.bought(product, {}, 2)
    await becomes(other.id, 'paid')
    await approve()
    await becomes(id, 'expired', 'refunded')
    await eventually('nothing is kept', async () => (await till.keptFor(id)) === 0)
  })

  t.test(
    'where the promotion was used up meanwhile, it goes back in full, and the stock as well',
    async (t) => {
      const code = await newCode(1)
      const { product, id, approve } = await expiredAtTheBank(9, code)
      const who = { token: await shop.api.newCustomer() }
      await till.filled(who, product, 1)
      const { body: cart } = await send<Cart>('POST', '/cart/promotions', who, { code })
      const { body } = await till.buy(who, cart)
      t.match(body.order, { status: 'paid' })
      await approve()
      await becomes(id, 'expired', 'refunded')
      await eventually('nothing is kept', async () => (await till.keptFor(id)) === 0)
      await eventually('its second hold is back', async () => (await till.stockOf(product)) === 8)
    },
  )

  t.test('a customer who leaves the bank’s page has the cart back when the hold is over', async (t) => {
    const { who, id } = await expiredAtTheBank(3, await newCode(1))
    t.equal(await till.keptFor(id), 0)
    await eventually('the cart is back', async () => {
      const cart = await till.cartNow(who)
      return cart.status === 'active' && cart.id !== null
    })
  })

  t.test('the audit finds all well', () => shop.auditIsClean())
}
