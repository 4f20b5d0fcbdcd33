import t from 'tap'
import type { ShopAnswer, ShopRequest } from '../shared/shop-client.ts'
import { buyOnce } from './buy-once.ts'

const answer = (status: number, body: unknown): ShopAnswer => ({
  ...{ status, code: '', isReplay: false, retryAfterSeconds: undefined, body, text: JSON.stringify(body) },
})

const charge = {
  ...{ provider: 'stripe', paymentId: 'y', status: 'succeeded', refunded: 0, disputed: 0, refunds: [] },
}

/** A shop in which an order is paid when it is looked at for the second time. */
function shop({ captured = 3_000, isPaid = true } = {}) {
  const sent: ShopRequest[] = []
  let looks = 0
  const order = { id: 'o1', total: 30 }
  const answers: Readonly<Record<string, (request: ShopRequest) => ShopAnswer>> = {
    'POST /products': () => answer(201, { id: 'p1' }),
    'POST /admin/shipping-methods': () => answer(201, { id: 's1' }),
    'POST /cart/items': () => answer(200, { version: 1, totals: { total: 25 } }),
    'PUT /cart/delivery': () => answer(200, { version: 2, totals: { total: 30 } }),
    'POST /checkout': () => answer(201, { order: { ...order, status: 'pending' } }),
    'GET /orders/o1': () => answer(200, { ...order, status: isPaid && ++looks > 1 ? 'paid' : 'confirmed' }),
  }
  const buy = (changes: typeof answers = {}) =>
    buyOnce({
      async send(request) {
        sent.push(request)
        return { ...answers, ...changes }[`${request.method} ${request.path}`]!(request)
      },
      ...{ admin: 'the admin', customer: 'the customer', withinMs: 200 },
      charges: async () => [
        { ...charge, ref: 'x', orderId: 'o1', captured },
        { ...charge, ref: 'z', orderId: 'o2', captured: 7 },
      ],
    })
  return { buy, sent }
}

t.test('a customer fills a cart, says where it goes, and pays by card what the cart costs', async (t) => {
  const { buy, sent } = shop()
  t.strictSame(await buy(), [])
  t.match(
    sent.map(({ method, path, token }) => [method, path, token]),
    [
      ['POST', '/products', 'the admin'],
      ['POST', '/admin/shipping-methods', 'the admin'],
      ['POST', '/cart/items', 'the customer'],
      ['PUT', '/cart/delivery', 'the customer'],
      ['POST', '/checkout', 'the customer'],
      ['GET', '/orders/o1', 'the customer'],
      ['GET', '/orders/o1', 'the customer'],
    ],
  )
  const bodyOf = (path: string) => sent.find((request) => request.path === path)?.body
  t.match(bodyOf('/cart/items'), { productId: 'p1', quantity: 2 })
  t.match(bodyOf('/cart/delivery'), { address: { country: 'GB' }, shippingMethod: 's1' })
  const paying = { paymentMethod: 'card', paymentToken: 'pm_card_visa' }
  t.strictSame(bodyOf('/checkout'), { cartVersion: 2, expectedTotal: 30, ...paying })
})

t.test('an order that is not paid, another amount and a refusal are told', async (t) => {
  t.match(await shop({ isPaid: false }).buy(), [/order o1 was bought by card and is not paid after 200 ms/])
  t.match(await shop({ captured: 2_999 }).buy(), [/has taken 2999 cents for order o1 of 3000/])
  const refused = { 'POST /checkout': () => answer(409, { code: 'order.out-of-stock' }) }
  await t.rejects(shop().buy(refused), { message: /POST \/checkout: 409 .*out-of-stock/ })
})
