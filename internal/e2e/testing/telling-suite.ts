import pg from 'pg'
import type { Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import type { OrderBody, ProductBody } from './api.ts'
import type { mailboxAt } from './mailbox.ts'
import { returnUrl, secure, type payingAt } from './paying.ts'
import { answerPage } from './sandbox.ts'
import type { Shop } from './shop.ts'

export const staffEmail = 'staff@example.com'
const settleWithinMs = 60_000

/** A hold of so long is told of when a quarter of it is left. The keeper of carts looks often. */
export const tellingSettings = {
  ...{ NOTIFY_BY: 'email', STAFF_EMAIL: staffEmail, SHOP_URL: 'https://shop.example' },
  ...{ ORDER_HOLD_SECONDS: '30', CART_KEEPER_INTERVAL_MS: '200' },
}

type At = {
  readonly shop: Shop
  readonly mailbox: ReturnType<typeof mailboxAt>
  readonly paying: Awaited<ReturnType<typeof payingAt>>
}

/** What people and staff are told that follows from time, or from what a provider does. */
export function tellingSuite(t: Test, at: At): void {
  holdTest(t, at)
  cartTest(t, at)
  mismatchTest(t, at)
  t.test('after all this the invariants hold', async () => at.shop.auditIsClean())
}

async function newCustomer({ api }: Shop) {
  const token = await api.newCustomer()
  const { body } = await api.request<{ id: string; email: string }>('GET', '/users/me', { token })
  return { token, ...body }
}

function holdTest(t: Test, { shop, mailbox, paying }: At): void {
  t.test('a hold that is about to end is told of once, and not for an order that was paid', async (t) => {
    const product = await shop.newProduct(9)
    const [slow, quick] = await Promise.all([newCustomer(shop), newCustomer(shop)])
    const placed = async ({ token }: { readonly token: string }) => {
      const body = { items: [{ productId: product.id, quantity: 1 }] }
      const order = await shop.api.request<OrderBody>('POST', '/orders', { token, body })
      return shop.settled(order.body.id, token)
    }
    const [unpaid, paid] = await Promise.all([placed(slow), placed(quick)])
    await paying.payAgain(quick, paid.id, { paymentMethod: 'card', paymentToken: 'pm_card_visa' })
    const isTold = async () => (await mailbox.to(slow.email, /waits for its payment$/)).length > 0
    await eventually('the owner is told', isTold, settleWithinMs)
    const mail = await mailbox.only(slow.email, /waits for its payment$/)
    t.match(mail.subject, unpaid.id.slice(-8).toUpperCase())
    t.match(mail.text, `https://shop.example/orders/${unpaid.id}`)
    await paying.orderIs(slow, unpaid.id, { status: 'expired' })
    t.equal((await mailbox.to(slow.email, /waits for its payment$/)).length, 1)
    t.same(await mailbox.to(quick.email, /waits for its payment$/), [])
  })
}

/** Puts carts back in time, by more hours than CART_ABANDONED_HOURS, and waits until they are abandoned. */
async function openClock(t: Test, { databaseUrl }: Shop) {
  const sql = new pg.Client({ connectionString: databaseUrl })
  sql.on('error', () => undefined) // the database is dropped with the test
  await sql.connect()
  t.teardown(() => sql.end())
  return async (cartId: string | null): Promise<void> => {
    const back = `update carts.carts set quiet_from = quiet_from - interval '30 hours',
      updated_at = updated_at - interval '30 hours' where id = $1`
    t.equal((await sql.query(back, [cartId])).rowCount, 1)
    await eventually('the cart is abandoned', async () => {
      const { rows } = await sql.query('select status from carts.carts where id = $1', [cartId])
      return (rows as readonly { status: string }[])[0]?.status === 'abandoned'
    })
  }
}

function cartTest(t: Test, { shop, mailbox, paying }: At): void {
  t.test('a cart that was left is told of once, until its owner wants no more of that', async (t) => {
    const leave = await openClock(t, shop)
    const product = await shop.newProduct(9)
    const [{ token, email }, other] = await Promise.all([newCustomer(shop), newCustomer(shop)])
    const { cart } = await paying.filled({ token }, product)
    await leave(cart.id)
    const mail = await mailbox.only(email, /^Your cart at .* is waiting$/)
    t.match(mail.text, 'https://shop.example/cart')
    const [, link = ''] =
      /(https:\/\/shop\.example\/notifications\/unsubscribe\?token=\S+)/.exec(mail.text) ?? []
    t.ok(mail.html.includes(link) && link !== '', 'the link is in both bodies')
    const { pathname, search } = new URL(link)
    const page = `${shop.url}${pathname}${search}`
    t.match(await (await fetch(page)).text(), '<form method="post">', 'who follows it is asked')
    t.equal((await fetch(page, { method: 'POST' })).status, 200)
    type Preferences = { readonly preferences: readonly Readonly<Record<string, unknown>>[] }
    const path = '/users/me/notification-preferences'
    const { body: chosen } = await shop.api.request<Preferences>('GET', path, { token })
    const isCarts = ({ kind, channel }: Readonly<Record<string, unknown>>): boolean =>
      kind === 'cart.abandoned' && channel === 'email'
    t.match(chosen.preferences.filter(isCarts), [{ enabled: false }])

    // When the owner of the later one was told of it, so would this one have been.
    const { cart: again } = await paying.filled({ token }, product)
    await leave(again.id)
    const theirs = await paying.filled(other, product)
    await leave(theirs.cart.id)
    await mailbox.only(other.email, /^Your cart at .* is waiting$/)
    t.equal((await mailbox.to(email, /^Your cart at/)).length, 1)
    const forged = await fetch(`${page}x`, { method: 'POST' })
    t.equal(forged.status, 400)
  })
}

function mismatchTest(t: Test, { shop, mailbox, paying }: At): void {
  t.test('money in another currency is told to staff once, and nothing is fulfilled', async (t) => {
    const product: ProductBody = await shop.newProduct(5)
    const { id, paymentId, who } = await paying.bought(product, secure)
    const page = await paying.pageOf(who, paymentId)
    const [charge] = await paying.chargesOf(id)
    await paying.control('POST', `/charges/${charge!.ref}/currency`, { currency: 'EUR' })
    t.equal(await answerPage(page, 'approve').then((to) => to?.startsWith(returnUrl)), true)
    const mail = await eventually(
      'staff are told',
      async () =>
        (await mailbox.to(staffEmail, /^A payment does not match its order$/)).find(({ text }) =>
          text.includes(`Order: ${id}\nPayment: ${paymentId}`),
        ),
      settleWithinMs,
    )
    t.ok(mail)
    t.match(await paying.orderNow(who, id), { paymentStatus: 'pending', fulfilmentStatus: 'none' })
    t.equal((await mailbox.to(staffEmail, /^A payment does not match/)).length, 1)
  })
}
