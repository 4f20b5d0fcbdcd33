import { type Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { address, buying, shipToBritain, type Cart, type Order } from './buying.ts'
import type { Shop } from './shop.ts'

/**
 * Carts are bought, by customers and by guests, at the sandbox, whose webhooks come to the gateway; whether the services run
 * in one process or in many.
 */
export async function checkoutSuite(t: Test, shop: Shop, sandboxUrl: string): Promise<void> {
  const { api, adminToken: admin, newProduct } = shop
  const { send, filled, buy, orderIs } = buying(api, await shipToBritain(api, admin))
  await send('POST', '/admin/tax-rates', { token: admin }, { country: 'GB', percent: 20 })

  t.test('a customer buys a cart with a card, once, whoever asks again', async (t) => {
    const token = await api.newCustomer()
    const { cart } = await filled({ token }, await newProduct(10), 2)
    const bought = await buy({ token }, cart)
    t.equal(bought.status, 201, JSON.stringify(bought.body))
    t.match(bought.body.order, {
      status: 'paid',
      paymentStatus: 'paid',
      shipping: 5,
      total: cart.totals.total,
    })
    t.match(bought.body, { payment: { status: 'captured' }, orderToken: undefined })
    t.ok((bought.body.order?.tax ?? 0) > 0)
    const again = await buy({ token }, cart)
    t.match(again, { status: 201, body: { order: { id: bought.body.order?.id } } })
    t.equal(again.headers['idempotent-replayed'], 'true')
    await eventually('the cart is given up', async () => {
      const { body } = await send<Cart>('GET', '/cart', { token })
      return body.id === null && body.version === 0
    })
  })

  t.test('a guest buys with an e-mail address, and sees the order by its token', async (t) => {
    const { cart, who } = await filled({}, await newProduct(10))
    t.match(await buy(who, cart), { status: 400, body: { code: 'checkout.email-required' } })
    const first = await buy(who, cart, { email: 'Ada@example.com' }, {})
    t.match(first, { status: 201, body: { order: { userId: null, email: 'ada@example.com' } } })
    t.match(first.body.payment, { status: 'created' })
    const order = first.body.orderToken ?? ''
    const id = first.body.order?.id ?? ''
    await orderIs({ order }, id, { status: 'paid' })
    t.equal((await send(`GET`, `/payments/${first.body.payment?.id ?? ''}`, { order })).status, 200)
    t.equal((await send('GET', `/orders/${id}/tracking`, { order })).status, 200)
    const receipts = await eventually('there is a receipt', async () => {
      const { body } = await send<{ data: { id: string; total: number }[] }>(
        'GET',
        `/orders/${id}/receipts`,
        {
          order,
        },
      )
      return body.data.length > 0 && body.data
    })
    t.match(receipts, [{ total: cart.totals.total }])
    t.equal((await send('GET', `/receipts/${receipts[0]?.id ?? ''}`, { order })).status, 200)
    t.equal((await send('GET', `/orders/${id}`, {})).status, 401)
    t.match(await send('GET', `/orders/${id}`, { order: `${order.slice(0, -1)}_` }), { status: 401 })
    t.match(await send('GET', `/orders/${newId()}`, { order }), { status: 404 })
    const again = await buy(who, cart, { email: 'ada@example.com' })
    t.match(again.body, { order: { id }, orderToken: order })
    const { body } = await send<{ data: Order[] }>('GET', '/orders?email=ADA@example.com', { token: admin })
    t.match(body.data, [{ id }])
  })

  t.test('another total, another version and too little stock change nothing', async (t) => {
    const token = await api.newCustomer()
    const product = await newProduct(3)
    const { cart } = await filled({ token }, product, 2)
    const other = await buy({ token }, cart, { expectedTotal: 1 })
    t.match(other, { status: 409, body: { code: 'checkout.total-changed', cart: { version: cart.version } } })
    t.match(await buy({ token }, cart, { cartVersion: 99 }), {
      status: 409,
      body: { code: 'cart.version-mismatch' },
    })
    t.match(await buy({ token }, cart, { paymentMethod: 'shells' }), {
      status: 400,
      body: { code: 'payment.unknown-method' },
    })
    t.match(await buy({ token }, cart, { paymentToken: '4242424242424242' }), {
      status: 400,
      body: { code: 'payment.card-number' },
    })
    await send('PATCH', `/products/${product.id}`, { token: admin }, { price: 7 })
    t.match(await buy({ token }, cart), { status: 409, body: { code: 'checkout.total-changed' } })
    await send('POST', `/products/${product.id}/stock`, { token: admin }, { quantity: -2, reason: 'lost' })
    t.match(await buy({ token }, cart), { status: 409, body: { code: 'order.out-of-stock' } })
    t.match((await send<Cart>('GET', '/cart', { token })).body, { status: 'active', version: cart.version })
  })

  t.test('an address that a checkout brings is read as that of a cart', async (t) => {
    const token = await api.newCustomer()
    const { cart } = await filled({ token }, await newProduct(3))
    for (const wrong of [{ country: 'ZZ' }, { phone: 'call me' }, { line1: ' ' }]) {
      const refused = await buy({ token }, cart, { deliveryAddress: { ...address, ...wrong } })
      t.match(refused, { status: 400, body: { code: 'address.invalid' } }, JSON.stringify(wrong))
    }
    // In small letters it is the same country, with its taxes.
    const small = { ...address, country: 'gb', phone: '020 7946 0000' }
    const bought = await buy({ token }, cart, { deliveryAddress: small, billingAddress: small })
    const kept = { country: 'GB', phone: '+442079460000' }
    t.match(bought.body.order, { status: 'paid', deliveryAddress: kept, billingAddress: kept })
    t.ok((bought.body.order?.tax ?? 0) > 0)
  })

  t.test('the last unit is bought once, and the loser has the cart back', async (t) => {
    const product = await newProduct(1)
    const carts = await Promise.all(
      [1, 2, 3].map(async () => filled({ token: await api.newCustomer() }, product)),
    )
    const answers = await Promise.all(carts.map(({ cart, who }) => buy(who, cart)))
    const won = answers.filter(({ body }) => body.order?.status === 'paid')
    t.equal(
      won.length,
      1,
      JSON.stringify(answers.map(({ status, body }) => [status, body.code ?? body.order?.status])),
    )
    for (const { who } of carts.filter((_, index) => answers[index] !== won[0]))
      await eventually('the loser has the cart back', async () => {
        const { body } = await send<Cart>('GET', '/cart', who)
        return body.status === 'active' && body.id !== null
      })
  })

  t.test('a cart that waits for its payment is locked, and comes back when it is reopened', async (t) => {
    const token = await api.newCustomer()
    const { cart } = await filled({ token }, await newProduct(5))
    const body = { paymentToken: 'pm_card_threeDSecure2Required', returnUrl: 'http://localhost:3000/thanks' }
    const bought = await buy({ token }, cart, body)
    t.match(bought.body, { order: { status: 'confirmed' }, payment: { status: 'action_required' } })
    const id = bought.body.order?.id ?? ''
    t.match((await send<Cart>('GET', '/cart', { token })).body, { status: 'locked', orderId: id })
    t.match(
      await send('POST', '/cart/items', { token }, { productId: (await newProduct(1)).id, quantity: 1 }),
      {
        status: 409,
        body: { code: 'cart.locked' },
      },
    )
    const reopened = await send<Cart>('POST', '/cart/reopen', { token }, {})
    t.match(reopened, { status: 200, body: { status: 'active' } }, JSON.stringify(reopened.body))
    t.ok(reopened.body.version > cart.version)
    t.equal(reopened.headers.etag, `"${reopened.body.version}"`)
    await orderIs({ token }, id, { status: 'canceled' })
    await fetch(`${bought.body.payment?.action?.url ?? ''}/approve`, { method: 'POST', redirect: 'manual' })
    const second = await buy({ token }, reopened.body)
    t.match(second.body.order, { status: 'paid' })
    t.not(second.body.order?.id, id)
    t.match(await send('POST', '/cart/reopen', { token }, {}), { status: 200, body: { id: null } })
  })

  t.test('an invoice orders the cart at once', async (t) => {
    const token = await api.newCustomer()
    const { cart } = await filled({ token }, await newProduct(5))
    const bought = await buy({ token }, cart, { paymentMethod: 'invoice', paymentToken: undefined })
    t.match(bought.body.order, { status: 'confirmed', holdUntil: undefined })
    await eventually(
      'the cart is ordered',
      async () => (await send<Cart>('GET', '/cart', { token })).body.id === null,
    )
  })

  t.test('whoever pays by invoice after a declined card is not hurried', async (t) => {
    const token = await api.newCustomer()
    const { cart } = await filled({ token }, await newProduct(5))
    const bought = await buy({ token }, cart, { paymentToken: 'pm_card_chargeDeclined' })
    t.match(bought.body, { order: { status: 'confirmed' }, payment: { status: 'failed' } })
    const id = bought.body.order?.id ?? ''
    const held = (await send<{ holdUntil?: string }>('GET', `/orders/${id}`, { token })).body.holdUntil ?? ''
    const seconds = (Date.parse(held) - Date.now()) / 1_000
    t.ok(seconds > 600 && seconds <= 900, `the card has ${seconds} s`)
    await send('POST', `/orders/${id}/payments`, { token }, { paymentMethod: 'invoice' })
    await eventually('the invoice has no end', async () => {
      return !('holdUntil' in (await send<object>('GET', `/orders/${id}`, { token })).body)
    })
    const paid = { status: 'paid', reference: 'bank-9' }
    t.match(await send('PATCH', `/orders/${id}`, { token: admin }, paid), {
      status: 200,
      body: { status: 'paid' },
    })
  })

  t.test("a promotion's last redemption goes to one of two", async (t) => {
    const product = await newProduct(50)
    const code = `LAST-${newId().slice(-6)}`
    const made = await send(
      'POST',
      '/admin/promotions',
      { token: admin },
      { code, kind: 'percent', value: 10, limit: 1 },
    )
    t.equal(made.status, 201, JSON.stringify(made.body))
    const carts = await Promise.all(
      [1, 2].map(async () => {
        const who = { token: await api.newCustomer() }
        await filled(who, product)
        return { who, cart: (await send<Cart>('POST', '/cart/promotions', who, { code })).body }
      }),
    )
    const answers = await Promise.all(carts.map(({ cart, who }) => buy(who, cart)))
    const paid = answers.filter(({ body }) => body.order?.status === 'paid')
    t.equal(paid.length, 1, JSON.stringify(answers.map(({ body }) => body)))
    t.ok((paid[0]?.body.order?.discount ?? 0) > 0)
  })

  t.test('nothing is left over, and the provider has taken what was paid', async (t) => {
    await shop.auditIsClean()
    const charges = await fetch(`${sandboxUrl}/control/charges`)
    t.equal(charges.status, 200)
  })
}
