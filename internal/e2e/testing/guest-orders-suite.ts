import type { Test } from 'tap'
import { buying, shipToBritain, type Order } from './buying.ts'
import { openMailbox } from './mailed-links-suite.ts'
import { newPerson } from './sessions-suite.ts'
import type { Shop } from './shop.ts'

/** What somebody has bought as a guest becomes the account's whose address a mail has shown. */
export async function guestOrdersSuite(t: Test, shop: Shop): Promise<void> {
  const { api, adminToken, newProduct } = shop
  const { send, filled, buy, orderIs } = buying(api, await shipToBritain(api, adminToken))
  type List = { readonly data: readonly { readonly id: string }[] }

  t.test(
    'an account takes over what its person has bought as a guest, once the address is verified',
    async (t) => {
      const tokenFor = await openMailbox(t, shop)
      const person = await newPerson(api)
      const [product, stranger] = [await newProduct(10), { token: await api.newCustomer() }]
      const guest = async (email: string) => {
        const { cart, who } = await filled({}, product)
        const { body } = await buy(who, cart, { email })
        const [id, order] = [body.order?.id ?? '', body.orderToken ?? '']
        await orderIs({ order }, id, { status: 'paid' })
        return { id, order, paymentId: body.payment?.id ?? '' }
      }
      const [mine, foreign] = [
        await guest(person.email.toUpperCase()),
        await guest('somebody-else@example.com'),
      ]
      const me = { token: (await person.logIn()).body.accessToken }
      const claim = () => send<{ claimed?: number; code?: string }>('POST', '/orders/claim', me)
      t.match(await claim(), { status: 409, body: { code: 'user.email-unverified' } })
      await send('POST', '/auth/email-verification', me, {})
      const token = await tokenFor('email-verification', person.email)
      await api.request('POST', '/auth/email-verification/confirm', { body: { token } })
      t.equal((await send('GET', `/orders/${mine.id}`, me)).status, 404)
      const answers = await Promise.all([claim(), claim(), claim()])
      t.same(answers.map(({ body }) => body.claimed).sort(), [0, 0, 1], 'three at once take it once')
      t.match(await claim(), { status: 200, body: { claimed: 0 } })
      t.match((await send<List>('GET', '/orders', me)).body.data, [{ id: mine.id }])
      t.match(await send<Order>('GET', `/orders/${mine.id}`, me), { body: { status: 'paid' } })
      t.equal((await send('GET', `/payments/${mine.paymentId}`, me)).status, 200)
      const { body: receipts } = await send<List>('GET', `/orders/${mine.id}/receipts`, me)
      for (const { id } of receipts.data) {
        t.equal((await send('GET', `/receipts/${id}`, me)).status, 200)
        t.equal((await send('GET', `/receipts/${id}`, stranger)).status, 404)
      }
      t.equal(receipts.data.length, 1)
      t.equal(
        (await send('GET', `/orders/${mine.id}`, { order: mine.order })).status,
        200,
        'the link still works',
      )
      t.equal((await send('GET', `/orders/${foreign.id}`, me)).status, 404)
      t.equal((await send('GET', `/payments/${foreign.paymentId}`, me)).status, 404)
      t.equal((await send('POST', `/orders/${mine.id}/cancel`, me, {})).status, 200)
    },
  )
}
