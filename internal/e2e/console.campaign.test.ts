import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { chromiumMissing } from './testing/browser.ts'
import { act, giveFigures, signIn, tillOf, visitAsAdmin } from './testing/console-visits.ts'
import { openShopPages } from './testing/open-shop-pages.ts'
import { focused, tabTo } from './testing/shop-visits.ts'

// The console of web/ in a real Chromium: signing in, orders, and what staff do with them. Money is taken when a parcel
// leaves, so that there is something to capture.

type Order = Readonly<Record<'status' | 'paymentStatus' | 'fulfilmentStatus' | 'returnStatus', string>>
type Refunds = { readonly refunded: number }

t.test('orders in the console', { skip: chromiumMissing ?? false }, async (t) => {
  const { shop, visit } = await openShopPages(t, 'console', { PAYMENT_CAPTURE: 'shipment' })
  const till = await tillOf(shop)
  const { admin, send } = till
  const product = await shop.newProduct(50)
  const becomes = (id: string, wanted: Partial<Order>) => till.orderIs(admin, id, wanted)

  t.test('customers do not get in, and staff see what they may', async (t) => {
    const email = 'clerk@example.com'
    const password = 'a-long-enough-password'
    const { body } = await send<{ user: { id: string } }>(
      'POST',
      '/users/register',
      {},
      {
        ...{ username: 'clerk', email, password },
      },
    )
    const visitor = await visit()
    const { page } = visitor
    await signIn(page, email, password)
    await page.getByText('This account belongs to a customer.').waitFor()
    t.same(await visitor.violations(), [])
    await page.getByRole('button', { name: 'Sign in with another account' }).click()
    const access = { role: 'staff', permissions: ['orders:read'] }
    await send('PATCH', `/admin/users/${body.user.id}`, admin, access)
    await signIn(page, email, password)
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    t.same(await visitor.violations(), [])
    const names = await page.getByRole('navigation').getByRole('link').allTextContents()
    t.same(names, ['Overview', 'Orders', 'Products', 'Categories', 'Families'])
    await page.goto('dead-letters')
    await page.getByRole('heading', { name: 'You may not see this page' }).waitFor()
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    t.same(visitor.faults, [])
  })

  t.test('an order is found by its filters, captured, shipped, refunded and taken back', async (t) => {
    const { id, paymentId } = await till.bought(product, {}, 3)
    await becomes(id, { paymentStatus: 'authorized' })
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await page.goto('orders')
    await page.getByLabel('Payment').selectOption('authorized')
    await page.waitForURL(/paymentStatus=authorized/)
    await page.reload()
    t.equal(await page.getByLabel('Payment').inputValue(), 'authorized')
    t.same(await visitor.violations(), [])
    await page.getByRole('link', { name: id.slice(-8) }).click()
    await page.getByText('Staff: ship it').waitFor()
    t.same(await visitor.violations(), [])
    await act(page, 'Capture', { confirm: 'Capture the money' })
    await becomes(id, { paymentStatus: 'paid' })
    await page.getByText('Order paid').first().waitFor()
    await act(page, 'Ship', { fill: { Carrier: 'Post' }, confirm: 'Make the parcel' })
    await becomes(id, { fulfilmentStatus: 'shipped' })
    await act(page, /^Delivered/, { confirm: 'Delivered' })
    await becomes(id, { fulfilmentStatus: 'delivered' })
    await act(page, 'New return', { fill: { '/ 3': '1', Reason: 'too big' }, confirm: 'Begin the return' })
    await becomes(id, { returnStatus: 'open' })
    await act(page, 'Approve', { confirm: 'Approve' })
    await act(page, 'Receive', { confirm: 'Book the goods' })
    await page.getByText('The goods are booked.').waitFor()
    await eventually('one of three is back', async () => (await till.stockOf(product)) === 48)
    t.same(await visitor.violations(), [])
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: /^PDF R-/ }).click()
    t.match((await download).suggestedFilename(), /^R-.*\.pdf$/)
    await t.test('by the keyboard alone', async (t) => {
      await tabTo(page, /^Refund$/)
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      await tabTo(page, /\/ 3$/)
      await page.keyboard.type('1')
      await tabTo(page, /^Reason/)
      await page.keyboard.type('scratched')
      await tabTo(page, /^Refund$/)
      t.match(await focused(page), 'Refund')
      await page.keyboard.press('Enter')
      await eventually('one unit is refunded', async () => {
        const { body } = await send<Refunds>('GET', `/payments/${paymentId}`, admin)
        return body.refunded === product.price
      })
    })
    await act(page, 'Refund the return', { confirm: 'Refund the return' })
    await becomes(id, { returnStatus: 'partial' })
    t.same(visitor.faults, [])
  })

  t.test('a refund that gets no answer is given once, however often it is asked for', async (t) => {
    const { id, paymentId } = await till.bought(product, {}, 2)
    await becomes(id, { paymentStatus: 'authorized' })
    await send('POST', `/payments/${paymentId}/capture`, admin, {})
    await becomes(id, { paymentStatus: 'paid' })
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await page.goto(`orders/${id}`)
    const keys = new Set<string>()
    let isAway = true
    await page.route('**/refunds', async (route) => {
      keys.add(route.request().headers()['idempotency-key'] ?? '')
      const answer = await route.fetch()
      return isAway ? route.abort('connectionreset') : route.fulfill({ response: answer })
    })
    await page.getByRole('button', { name: 'Refund', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('What is refunded').selectOption('amount')
    await dialog.getByLabel('Amount in USD').fill('1')
    await dialog.getByLabel('Reason').fill('goodwill')
    await dialog.getByRole('button', { name: 'Refund', exact: true }).click()
    await dialog.getByText('nothing is done twice').waitFor()
    isAway = false
    await dialog.getByRole('button', { name: 'Refund', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    t.equal(keys.size, 1)
    await eventually('a dollar is refunded', async () => {
      const { body } = await send<Refunds>('GET', `/payments/${paymentId}`, admin)
      return body.refunded === 1
    })
  })

  t.test(
    'an order is canceled, an authorization is voided, and a payment at the bank is recorded',
    async (t) => {
      const canceled = await till.bought(product)
      const voided = await till.bought(product)
      const offline = await till.bought(product, { paymentMethod: 'invoice', paymentToken: undefined })
      await Promise.all([canceled, voided].map(({ id }) => becomes(id, { paymentStatus: 'authorized' })))
      const visitor = await visitAsAdmin(visit)
      const { page } = visitor
      await page.goto(`orders/${canceled.id}`)
      await act(page, 'Cancel order', { fill: { Reason: 'broken' }, confirm: 'Cancel the order' })
      await becomes(canceled.id, { status: 'canceled' })
      await page.goto(`orders/${voided.id}`)
      await act(page, 'Void', { confirm: 'Give it back' })
      await eventually('the authorization is given back', async () => {
        const { body } = await send<Order>('GET', `/payments/${voided.paymentId}`, admin)
        return body.status === 'voided'
      })
      await page.goto(`orders/${offline.id}`)
      await act(page, 'Record payment', {
        fill: { 'Reference of the bank': 'B-1' },
        confirm: 'Record the payment',
      })
      await becomes(offline.id, { paymentStatus: 'paid' })
      t.same(visitor.faults, [])
    },
  )

  t.test('German, dark and on a phone', async (t) => {
    const visitor = await visit({
      locale: 'de-DE',
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
    })
    const { page } = visitor
    await giveFigures(page)
    await page.goto('.')
    await page.getByLabel('E-Mail-Adresse oder Benutzername').fill('admin@example.com')
    await page.getByLabel('Passwort', { exact: true }).fill('admin-password')
    await page.getByRole('button', { name: 'Anmelden' }).click()
    await page.getByRole('button', { name: 'Menü' }).click()
    await page.getByRole('dialog').getByRole('link', { name: 'Bestellungen' }).click()
    await page.getByRole('heading', { level: 1, name: 'Bestellungen' }).waitFor()
    await page.getByText(/€|\$/).first().waitFor()
    t.same(await visitor.violations(), [])
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    t.ok(width <= 390, `the page is ${width} wide`)
    t.same(visitor.faults, [])
  })
})
