import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { openApi, type Api, type OrderBody } from './testing/api.ts'
import { openOneProcess } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

// The process dies at each seam of a checkout: after the cart's lock, after the redemption, after the payment has begun,
// and after the cart has been told.

t.setTimeout(600_000)

type Cart = {
  readonly version: number
  readonly status: string
  readonly id: string | null
  readonly totals: { readonly total: number }
}
type Bought = { readonly order?: OrderBody; readonly code?: string }
type Payments = { readonly data: readonly { readonly id: string; readonly captured: number }[] }

const address = {
  ...{ name: 'Ada', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' },
}

for (const point of ['lock-order', 'redeem-settle', 'begin-mark', 'cart-mark']) {
  t.test(`a process that dies at ${point} is gone on with, and nobody pays twice`, async (t) => {
    const settings = { SWEEP_AFTER_SECONDS: '1', TILLSTREAM_FAILPOINTS: `${point}:1` }
    const { env: armed, ...shop } = await openOneProcess(t, settings)
    const { TILLSTREAM_FAILPOINTS: _, ...env } = armed
    const ask = <Body>(api: Api, method: string, path: string, who: string, body?: unknown) =>
      api.request<Body>(method, path, { token: who, body, headers: { prefer: 'wait=10' } })
    const admin = shop.adminToken
    const { body: post } = await ask<{ id: string }>(shop.api, 'POST', '/admin/shipping-methods', admin, {
      ...{ name: 'Post', countries: ['GB'], price: 5 },
    })
    await ask(shop.api, 'POST', '/admin/promotions', admin, {
      code: 'TEN',
      kind: 'percent',
      value: 10,
      limit: 1,
    })
    const [token, product] = [await shop.api.newCustomer(), await shop.newProduct(3)]
    await ask(shop.api, 'POST', '/cart/items', token, { productId: product.id, quantity: 1 })
    await ask(shop.api, 'PUT', '/cart/delivery', token, { address, shippingMethod: post.id })
    const { body: cart } = await ask<Cart>(shop.api, 'POST', '/cart/promotions', token, { code: 'TEN' })
    const buy = (api: Api) =>
      ask<Bought>(api, 'POST', '/checkout', token, {
        ...{ cartVersion: cart.version, expectedTotal: cart.totals.total },
        ...{ paymentMethod: 'card', paymentToken: 'pm_card_visa' },
      })
    const [stack] = shop.processes.get('stack') ?? []
    await buy(shop.api).catch(() => undefined)
    t.equal(await stack?.ended, 'SIGKILL')
    t.match(stack?.output(), `failpoint ${point} reached`)

    const [, url = ''] = await spawnMain(t, 'cmd/stack', env).says(/^ready (\S+)/m)
    const api = openApi(t, url)
    // Whoever asks again gets the order, also where the cart was only locked.
    const order = await eventually('the order is paid', async () => {
      const { body } = await buy(api)
      return body.order?.status === 'paid' && body.order
    })
    const { body: payments } = await ask<Payments>(api, 'GET', `/orders/${order.id}/payments`, token)
    t.match(payments.data, [{ captured: cart.totals.total }])
    t.equal(payments.data.length, 1)
    await eventually('the cart is over', async () => {
      return (await ask<Cart>(api, 'GET', '/cart', token)).body.id === null
    })
    t.equal((await ask<{ stock: number }>(api, 'GET', `/products/${product.id}`, token)).body.stock, 2)
    await eventually('the audit finds all well', async () => {
      return (await ask<{ ok: boolean }>(api, 'GET', '/admin/audit', admin)).body.ok
    })
  })
}

t.test('a cart that was locked by a checkout which died, and nobody asks again, comes back', async (t) => {
  const settings = { SWEEP_AFTER_SECONDS: '1', TILLSTREAM_FAILPOINTS: 'lock-order:1' }
  const { env: armed, ...shop } = await openOneProcess(t, settings)
  const { TILLSTREAM_FAILPOINTS: _, ...env } = armed
  const ask = <Body>(api: Api, method: string, path: string, body?: unknown) =>
    api.request<Body>(method, path, { token, body })
  const { body: post } = await shop.api.request<{ id: string }>('POST', '/admin/shipping-methods', {
    token: shop.adminToken,
    body: { name: 'Post', countries: ['GB'], price: 5 },
  })
  const [token, product] = [await shop.api.newCustomer(), await shop.newProduct(3)]
  await ask(shop.api, 'POST', '/cart/items', { productId: product.id, quantity: 1 })
  const { body: cart } = await ask<Cart>(shop.api, 'PUT', '/cart/delivery', {
    address,
    shippingMethod: post.id,
  })
  const [stack] = shop.processes.get('stack') ?? []
  await ask(shop.api, 'POST', '/checkout', {
    ...{ cartVersion: cart.version, expectedTotal: cart.totals.total },
    ...{ paymentMethod: 'card', paymentToken: 'pm_card_visa' },
  }).catch(() => undefined)
  await stack?.ended
  const [, url = ''] = await spawnMain(t, 'cmd/stack', env).says(/^ready (\S+)/m)
  const api = openApi(t, url)
  t.match((await ask<Cart>(api, 'GET', '/cart')).body, { status: 'locked' })
  await eventually(
    'the cart is back',
    async () => (await ask<Cart>(api, 'GET', '/cart')).body.status === 'active',
    150_000,
  )
})
