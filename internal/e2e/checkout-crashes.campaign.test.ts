import t, { type Test } from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { openApi, type Api } from './testing/api.ts'
import { buying, shipToBritain, type Cart } from './testing/buying.ts'
import { openOneProcess } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

// The process dies at each seam of a checkout: after the cart's lock, after the redemption, after the payment has begun,
// and after the cart has been told.

t.setTimeout(600_000)

type Payments = { readonly data: readonly { readonly captured: number }[] }

/** A shop that dies at the point, and how it is started again. */
async function openDying(t: Test, point: string) {
  const settings = { SWEEP_AFTER_SECONDS: '1', TILLSTREAM_FAILPOINTS: `${point}:1` }
  const { env, ...shop } = await openOneProcess(t, settings)
  const { TILLSTREAM_FAILPOINTS: _, ...healthy } = env
  const [stack] = shop.processes.get('stack') ?? []
  return {
    ...shop,
    post: await shipToBritain(shop.api, shop.adminToken),
    dies: async (work: Promise<unknown>): Promise<void> => {
      await work.catch(() => undefined)
      t.equal(await stack?.ended, 'SIGKILL')
      t.match(stack?.output(), `failpoint ${point} reached`)
    },
    startAgain: async (): Promise<Api> => {
      const [, url = ''] = await spawnMain(t, 'cmd/stack', healthy).says(/^ready (\S+)/m)
      return openApi(t, url)
    },
  }
}

for (const point of ['lock-order', 'redeem-settle', 'begin-mark', 'cart-mark']) {
  t.test(`a process that dies at ${point} is gone on with, and nobody pays twice`, async (t) => {
    const shop = await openDying(t, point)
    const [admin, who] = [{ token: shop.adminToken }, { token: await shop.api.newCustomer() }]
    const product = await shop.newProduct(3)
    const before = buying(shop.api, shop.post)
    const promotion = { code: 'TEN', kind: 'percent', value: 10, limit: 1 }
    await before.send('POST', '/admin/promotions', admin, promotion)
    await before.filled(who, product)
    const { body: cart } = await before.send<Cart>('POST', '/cart/promotions', who, { code: 'TEN' })
    await shop.dies(before.buy(who, cart))

    const { send, buy } = buying(await shop.startAgain(), shop.post)
    // Whoever asks again gets the order, also where the cart was only locked.
    const order = await eventually('the order is paid', async () => {
      const { body } = await buy(who, cart)
      return body.order?.status === 'paid' && body.order
    })
    const { body: payments } = await send<Payments>('GET', `/orders/${order.id}/payments`, who)
    t.match(payments.data, [{ captured: cart.totals.total }])
    t.equal(payments.data.length, 1)
    await eventually('the cart is over', async () => (await send<Cart>('GET', '/cart', who)).body.id === null)
    t.equal((await send<{ stock: number }>('GET', `/products/${product.id}`, who)).body.stock, 2)
    await eventually('the audit finds all well', async () => {
      return (await send<{ ok: boolean }>('GET', '/admin/audit', admin)).body.ok
    })
  })
}

t.test('a cart that was locked by a checkout which died, and nobody asks again, comes back', async (t) => {
  const shop = await openDying(t, 'lock-order')
  const who = { token: await shop.api.newCustomer() }
  const before = buying(shop.api, shop.post)
  const { cart } = await before.filled(who, await shop.newProduct(3))
  await shop.dies(before.buy(who, cart))
  const { send } = buying(await shop.startAgain(), shop.post)
  const status = async () => (await send<Cart>('GET', '/cart', who)).body.status
  t.equal(await status(), 'locked')
  await eventually('the cart is back', async () => (await status()) === 'active', 150_000)
})
