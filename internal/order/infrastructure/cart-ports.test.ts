import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { newId } from '../../platform/new-id.ts'
import type { CartId } from '../domain/terms.ts'
import { newOrderId, trace } from '../testing/fixtures.ts'
import { noCartCalls } from '../testing/no-checkout.ts'
import { shoppersCarts, type CartCalls } from './cart-ports.ts'

const cart = { cartId: newId() as CartId, version: 3, orderId: newOrderId() }
const cartsThat = (orderCart: CartCalls['orderCart']) => shoppersCarts({ ...noCartCalls.cart, orderCart })

t.test('a cart that another checkout has at the moment is told again later', async (t) => {
  const carts = cartsThat(async () => ({ status: 'locked' }))
  await t.rejects(carts.order(cart, trace), { kind: 'unavailable', code: 'cart.checkout-under-way' })
})

t.test('a cart that is ordered, was merged, or is not there any more needs nothing', async (t) => {
  for (const status of ['ordered', 'merged'])
    await t.resolves(cartsThat(async () => ({ status })).order(cart, trace), status)
  const gone = async (): Promise<never> => {
    throw new Refusal('not-found', 'cart.not-found', 'there is no such cart')
  }
  await t.resolves(cartsThat(gone).order(cart, trace))
})
