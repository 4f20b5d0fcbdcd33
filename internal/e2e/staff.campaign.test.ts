import t from 'tap'
import { buying, shipToBritain } from './testing/buying.ts'
import { manyGuesses, requiredFactorSuite, secondFactorSuite } from './testing/second-factor-suite.ts'
import { openSecondGateway } from './testing/second-gateway.ts'
import { admin, openManyProcesses } from './testing/shop.ts'
import { staffSuite } from './testing/staff-suite.ts'

// Staff with a process for each service and two gateways.

const shop = await openManyProcesses(t, manyGuesses)
const second = await openSecondGateway(t, shop)
const [here, there] = [shop.api, second.api]

staffSuite(t, [here, there], shop.adminToken)
secondFactorSuite(t, [here, there])

t.test("between processes a guest's token of an order opens no other order", async (t) => {
  const shippingMethod = await shipToBritain(here, shop.adminToken)
  const { filled, buy, send } = buying(here, shippingMethod)
  const product = await shop.newProduct(9)
  const customer = await here.newCustomer()
  const { body: theirs } = await here.request<{ id: string }>('POST', '/orders', {
    ...{ token: customer, body: { items: [{ productId: product.id, quantity: 1 }] } },
  })
  const { cart, who } = await filled({}, product)
  const { body } = await buy(who, cart, {
    ...{ email: 'guest@example.com', paymentMethod: 'invoice', paymentToken: undefined },
  })
  const guest = { order: body.orderToken ?? '' }
  t.equal((await send('GET', `/orders/${body.order?.id ?? ''}`, guest)).status, 200)
  for (const [method, path] of [
    ['GET', `/orders/${theirs.id}`],
    ['GET', `/orders/${theirs.id}/payments`],
    ['GET', `/orders/${theirs.id}/tracking`],
  ] as const)
    t.equal((await send(method, path, guest)).status, 404, path)
  t.equal((await send('POST', `/orders/${theirs.id}/cancel`, guest, {})).status, 404)
})

t.test('between processes staff see the money that waits for them', async (t) => {
  for (const path of ['/admin/refunds', '/admin/suspense'])
    t.equal((await there.request('GET', path, { token: shop.adminToken })).status, 200)
})

// The last one: the admin has a second factor from then on.
const { api: strict } = await openSecondGateway(t, {
  ...shop,
  env: { ...shop.env, STAFF_SECOND_FACTOR: 'required' },
})
requiredFactorSuite(t, strict, admin)
