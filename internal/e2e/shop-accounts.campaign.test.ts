import t from 'tap'
import { chromiumMissing } from './testing/browser.ts'
import { mailboxOf } from './testing/mailbox.ts'
import { openShopPages } from './testing/open-shop-pages.ts'
import { fillAddress, focused, putIntoCart, register, tabTo } from './testing/shop-visits.ts'

// The shop of web/ in a real Chromium: accounts, other readers, and a service that is away.

t.test('accounts and readers in a browser', { skip: chromiumMissing ?? false }, async (t) => {
  const { shop, visit } = await openShopPages(t)

  t.test('a forgotten password is set by the mail, and the account has its own pages', async (t) => {
    const visitor = await visit()
    const { page } = visitor
    const email = await register(page, 'forgetful')
    await page.getByRole('heading', { name: /^Hello/ }).waitFor()
    t.same(await visitor.violations(), [])
    await page.getByRole('button', { name: 'Log out', exact: true }).click()
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByLabel('E-mail address').fill(email)
    t.same(await visitor.violations(), [])
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByText('a mail is on its way').waitFor()
    const { text } = await (await mailboxOf(shop)).only(email, /password/i)
    const [link = ''] = /http\S+reset-password\?token=\S+/.exec(text) ?? []
    await page.goto(link)
    await page.getByLabel('New password').fill('another-long-password')
    t.notMatch(page.url(), 'token', 'the token is not left in the address')
    t.same(await visitor.violations(), [])
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('Your password is set.').waitFor()
    t.same(await visitor.violations(), [])
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password', { exact: true }).fill('another-long-password')
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByRole('heading', { name: /^Hello/ }).waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).click()
    t.equal((await download).suggestedFilename(), 'my-data.json')
    await page.getByRole('button', { name: 'Erase the account' }).click()
    await page.getByLabel('Password', { exact: true }).fill('another-long-password')
    await page.getByRole('button', { name: 'Erase it for good' }).click()
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
    t.same(visitor.faults, [])
  })

  t.test('somebody logs in by the local identity provider, and keeps the cart', async (t) => {
    const visitor = await visit()
    const { page } = visitor
    await putIntoCart(page, 'Paper lantern')
    await page.goto('login')
    await page.getByRole('button', { name: 'Log in with Local' }).click()
    await page.getByRole('button', { name: /^Ada/ }).click()
    await page.getByRole('heading', { name: /^Hello/ }).waitFor()
    await page.getByRole('link', { name: /^Cart, 1 item/ }).click()
    await page.getByRole('link', { name: 'Paper lantern' }).waitFor()
    t.same(visitor.faults, [])
  })

  t.test('a phone in German has the shop in German', async (t) => {
    const visitor = await visit({ locale: 'de-DE', viewport: { width: 390, height: 844 } })
    const { page } = visitor
    await page.goto('.')
    await page.getByRole('heading', { name: 'Alle Produkte' }).waitFor()
    await page.getByText('12,50 $').first().waitFor()
    t.equal(await page.evaluate('document.documentElement.lang'), 'de')
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    t.ok(width <= 390, `nothing is wider than the phone: ${width}`)
    t.same(await visitor.violations(), [])
    t.same(visitor.faults, [])
  })

  t.test('whoever has a keyboard only buys as well', async (t) => {
    const visitor = await visit({ locale: 'de-DE' })
    const { page } = visitor
    await page.goto('.')
    await page.getByRole('link', { name: /Stoneware mug/ }).waitFor()
    await page.keyboard.press('Tab')
    t.equal(await focused(page), 'Zum Inhalt springen')
    const steps = [
      [/^S?Stoneware mug/, page.getByRole('button', { name: 'In den Warenkorb' })],
      [/^In den Warenkorb/, page.getByRole('link', { name: 'Zum Warenkorb' })],
      [/^Zum Warenkorb/, page.getByRole('link', { name: 'Zur Kasse' })],
      [/^Zur Kasse/, page.getByLabel('Vor- und Nachname')],
    ] as const
    for (const [name, next] of steps) {
      await tabTo(page, name)
      await page.keyboard.press('Enter')
      await next.waitFor()
    }
    const address = {
      'E-Mail-Adresse': 'tastatur@example.com',
      'Vor- und Nachname': 'Ada Lovelace',
      'Straße und Hausnummer': 'Hauptstraße 1',
      Postleitzahl: '10115',
      Ort: 'Berlin',
    }
    for (const [label, text] of Object.entries(address)) {
      await tabTo(page, new RegExp(`^${label}$`))
      await page.keyboard.type(text)
    }
    await tabTo(page, /^Weiter zum Versand/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Zahlung' }).waitFor()
    await tabTo(page, /^Für .* kaufen/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Danke, Ihre Bestellung ist bezahlt' }).waitFor()
    t.same(visitor.faults, [])
  })

  t.test('a service that is away is said, asked again, and nothing that was typed is lost', async (t) => {
    const { page } = await visit()
    await putIntoCart(page, 'Desk lamp')
    await page.goto('checkout')
    await page.getByLabel('E-mail address').fill('patient@example.com')
    let refusals = 0
    await page.route('**/cart/delivery', async (route) => {
      if (++refusals > 2) return route.continue()
      return route.fulfill({
        ...{ status: 503, headers: { 'retry-after': '1' }, contentType: 'application/problem+json' },
        body: JSON.stringify({ status: 503, code: 'overloaded', detail: 'come again' }),
      })
    })
    const filled = fillAddress(page)
    await page.getByText('The shop does not answer at the moment.').waitFor()
    t.equal(await page.getByLabel('Full name').inputValue(), 'Ada Lovelace')
    await filled
    t.equal(refusals, 3, 'it was asked again by Retry-After')
    await page.getByText('The shop does not answer at the moment.').waitFor({ state: 'hidden' })
    await page.reload()
    t.equal(await page.getByLabel('E-mail address').inputValue(), 'patient@example.com')
  })

  t.test('a shop that cannot be reached says so, and shows its products when it is back', async (t) => {
    const { page } = await visit()
    let isAway = true
    await page.route('**/products?**', (route) =>
      isAway ? route.abort('connectionrefused') : route.continue(),
    )
    await page.goto('.')
    await page.getByText('The shop does not answer at the moment.').waitFor()
    isAway = false
    await page.getByRole('link', { name: /Stoneware mug/ }).waitFor()
    t.equal(await page.getByText('The shop does not answer at the moment.').count(), 0)
  })
})
