import { randomUUID } from 'node:crypto'
import type { Charge } from '../chaos/charges.ts'
import type { ShopAnswer, ShopClient, ShopRequest } from '../shared/shop-client.ts'
import { until } from '../shared/wait.ts'

export type Buying = {
  readonly send: ShopClient['send']
  readonly admin: string
  readonly customer: string
  /** What the sandbox believes that it has taken. */
  readonly charges: () => Promise<readonly Charge[]>
  readonly withinMs: number
}

type Cart = { readonly version: number; readonly totals: { readonly total: number } }
type Order = { readonly id: string; readonly status: string; readonly total: number }
type Product = { readonly id: string }

const address = { name: 'Ada', line1: '1 High Street', city: 'London', postalCode: 'N1 9GU', country: 'GB' }
const goods = { name: 'Bought by card', category: 'test', price: 12.5, stock: 3 }

/** A customer buys two units through a cart and pays by card at the sandbox. Returns what went wrong, in words. */
export async function buyOnce(buying: Buying): Promise<readonly string[]> {
  const order = await checkOut(buying)
  const paid = await until(
    async () => {
      const now = await ask<Order>(buying, buying.customer, { method: 'GET', path: `/orders/${order.id}` })
      return now.status === 'paid' && now
    },
    { withinMs: buying.withinMs },
  )
  if (!paid) return [`order ${order.id} was bought by card and is not paid after ${buying.withinMs} ms`]
  const taken = (await buying.charges())
    .filter(({ orderId }) => orderId === order.id)
    .reduce((sum, { captured, refunded }) => sum + captured - refunded, 0)
  const due = Math.round(order.total * 100)
  return taken === due ? [] : [`the sandbox has taken ${taken} cents for order ${order.id} of ${due}`]
}

async function checkOut(buying: Buying): Promise<Order> {
  const { admin, customer } = buying
  const sku = `CARD-${randomUUID()}`
  const product = await ask<Product>(buying, admin, post('/products', { ...goods, sku }))
  const post5 = { name: 'Post', countries: [address.country], price: 5 }
  const method = await ask<Product>(buying, admin, post('/admin/shipping-methods', post5))
  await ask(buying, customer, post('/cart/items', { productId: product.id, quantity: 2 }))
  const body = { address, shippingMethod: method.id }
  const cart = await ask<Cart>(buying, customer, { method: 'PUT', path: '/cart/delivery', body })
  const { order } = await ask<{ readonly order: Order }>(
    buying,
    customer,
    post('/checkout', {
      ...{ cartVersion: cart.version, expectedTotal: cart.totals.total },
      ...{ paymentMethod: 'card', paymentToken: 'pm_card_visa' },
    }),
  )
  return order
}

/** Each has a key, as a client gives one that may have to ask again. */
const post = (path: string, body: object): ShopRequest => ({ method: 'POST', path, key: randomUUID(), body })

async function ask<Answer>({ send }: Buying, token: string, request: ShopRequest): Promise<Answer> {
  const answer: ShopAnswer = await send({ ...request, token })
  if (answer.status < 300) return answer.body as Answer // the API documents the shapes
  throw new Error(`${request.method} ${request.path}: ${answer.status} ${answer.text}`)
}
