import t from 'tap'
import { chromiumMissing } from './testing/browser.ts'
import { openShopPages } from './testing/open-shop-pages.ts'
import { fillAddress, largestPaintMs, newFamily, putIntoCart, register, ship } from './testing/shop-visits.ts'

// The shop of web/ in a real Chromium, over a stack with its payment sandbox.

t.test('buying in a browser', { skip: chromiumMissing ?? false }, async (t) => {
  const { shop, visit } = await openShopPages(t)

  t.test('a guest finds a product, and buys it', async (t) => {
    const visitor = await visit()
    const { page } = visitor
    await page.goto('.')
    await page.getByRole('link', { name: /Stoneware mug/ }).waitFor()
    t.same(await visitor.violations(), [])
    await page.getByRole('link', { name: /^kitchen/i }).click()
    await page.waitForURL(/category=kitchen/)
    await page.getByRole('searchbox').pressSequentially('stonware')
    await page.waitForURL(/q=stonware/)
    await page.getByRole('link', { name: /Stoneware mug/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Stoneware mug' }).waitFor()
    t.same(await visitor.violations(), [])
    await page.getByRole('button', { name: 'Add to cart' }).click()
    await page.getByRole('link', { name: 'Go to cart' }).click()
    await page.getByRole('button', { name: 'One more of Stoneware mug' }).click()
    await page.getByText('$25.00').first().waitFor()
    t.same(await visitor.violations(), [])
    await page.getByRole('link', { name: 'Go to checkout' }).click()
    await page.getByLabel('E-mail address').fill('guest@example.com')
    await fillAddress(page)
    t.same(await visitor.violations(), [])
    await page.getByRole('radio', { name: /Express/ }).check()
    await page.getByRole('button', { name: /^Order and pay.*37\.90/ }).click()
    await page.getByRole('heading', { name: 'Thank you, your order is paid' }).waitFor()
    await page.getByText(/Receipt R-/).waitFor()
    t.same(await visitor.violations(), [])
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: /^PDF/ }).click()
    t.match((await download).suggestedFilename(), /^R-.*\.pdf$/)
    t.same(visitor.faults, [])
  })

  t.test('the first page is painted within a second', async (t) => {
    const paints: number[] = []
    // Other processes of the machine may be at work, so the best of some visits counts. Each has an empty cache.
    while (paints.length < 5 && !paints.some((ms) => ms < 1_000)) {
      const { page } = await visit()
      await page.goto('.')
      await page.getByRole('link', { name: /Stoneware mug/ }).waitFor()
      paints.push(await largestPaintMs(page))
    }
    t.ok(Math.min(...paints) < 1_000, `largest contentful paint after ${paints.join(', ')} ms`)
  })

  t.test(
    'a customer pays with 3-D Secure after a card that was declined, and goes back and forth',
    async (t) => {
      const visitor = await visit()
      const { page } = visitor
      await register(page, 'buyer')
      await putIntoCart(page, 'Fountain pen')
      await page.goto('checkout')
      await fillAddress(page)
      await page.getByLabel('Test card').selectOption({ label: 'Card that is declined' })
      await page.getByRole('button', { name: /^Order and pay/ }).click()
      await page.getByText('The payment was declined.').waitFor()
      t.same(await visitor.violations(), [])
      await page.getByLabel('Test card').selectOption({ label: 'Card that asks for 3-D Secure' })
      await page.getByRole('button', { name: /^Pay / }).click()
      await page.getByRole('link', { name: 'Go to your bank' }).click()
      await page.getByRole('heading', { name: 'Payment sandbox' }).waitFor()
      await page.goBack()
      await page.getByText('Your bank wants you to confirm the payment.').waitFor()
      await page.getByRole('link', { name: /^Cart/ }).click()
      await page.getByRole('heading', { name: 'An order is being made of this cart' }).waitFor()
      t.same(await visitor.violations(), [])
      await page.getByRole('link', { name: 'Go to the order' }).click()
      await page.getByRole('link', { name: 'Go to your bank' }).click()
      await page.getByRole('button', { name: 'approve' }).click()
      await page.getByRole('heading', { name: 'Thank you, your order is paid' }).waitFor()
      await page.goto('orders')
      await page.getByText('Paid', { exact: true }).waitFor()
      t.same(await visitor.violations(), [])
      t.same(visitor.faults, [])
    },
  )

  t.test('a bank asks for an approval, and the order page follows the parcel and the return', async (t) => {
    const visitor = await visit()
    const { page } = visitor
    await register(page, 'follower')
    await putIntoCart(page, 'Canvas tote')
    await page.goto('checkout')
    await fillAddress(page)
    await page.getByRole('radio', { name: /PayPal/i }).check()
    await page.getByRole('button', { name: /^Order and pay/ }).click()
    await page.getByRole('button', { name: 'approve' }).click()
    await page.getByRole('heading', { name: 'Thank you, your order is paid' }).waitFor()
    await ship(shop, new URL(page.url()).pathname.split('/').at(-1) ?? '')
    await page.getByRole('heading', { name: 'Your order is on its way' }).waitFor()
    await page.getByRole('heading', { name: 'Parcel with Post' }).waitFor()
    await page.getByText('Send something back').click()
    await page.getByLabel('How many of Canvas tote').fill('1')
    await page.getByLabel('Reason (optional)').fill('too small')
    await page.getByRole('button', { name: 'Ask for the return' }).click()
    await page.getByText('Asked for').waitFor()
    t.same(await visitor.violations(), [])
    t.same(visitor.faults, [])
  })

  t.test('a product is chosen by its options, and a code makes it cheaper', async (t) => {
    await newFamily(shop)
    const visitor = await visit()
    const { page } = visitor
    await page.goto('?q=shirt')
    await page.getByRole('link', { name: /Shirt/ }).click()
    await page.getByRole('radio', { name: 'M', exact: true }).check({ force: true })
    await page.getByRole('heading', { name: 'Shirt, red, M' }).waitFor()
    await page.getByRole('radio', { name: /^blue/ }).check({ force: true })
    await page.getByRole('heading', { name: 'Shirt, blue, L' }).waitFor()
    await page.getByText('Sold out').waitFor()
    await page.getByRole('radio', { name: 'red', exact: true }).check({ force: true })
    await page.getByText('In stock').waitFor()
    t.same(await visitor.violations(), [])
    await page.getByRole('button', { name: 'Add to cart' }).click()
    await page.getByRole('link', { name: 'Go to cart' }).click()
    await page.getByLabel('Promotion code').fill('welcome')
    await page.getByRole('button', { name: 'Redeem' }).click()
    await page.getByText('Discount').waitFor()
    t.same(await visitor.violations(), [])
    await page.getByRole('button', { name: 'Remove Shirt, red, L' }).click()
    await page.getByRole('heading', { name: 'Your cart is empty' }).waitFor()
    t.same(visitor.faults, [])
  })
})
