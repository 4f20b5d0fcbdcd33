import t from 'tap'
import type { Page } from 'playwright-core'
import { eventually } from '../platform/testing/eventually.ts'
import { chromiumMissing } from './testing/browser.ts'
import { codeOf } from './testing/second-factor-suite.ts'
import { openShopPages } from './testing/open-shop-pages.ts'
import { register } from './testing/shop-visits.ts'

// The shop of web/ in a real Chromium: how customers guard their account, and of what they are told.

const password = 'a-long-enough-password'

t.test('an own account in a browser', { skip: chromiumMissing ?? false }, async (t) => {
  const { shop, visit } = await openShopPages(t)

  /** Opens the panel and goes through it. Returns the recovery codes. */
  async function switchOn(page: Page): Promise<readonly string[]> {
    await page.getByRole('heading', { name: 'A second factor' }).click()
    await page.getByRole('button', { name: 'Set it up' }).click()
    const secret = await page.locator('code').textContent()
    await page.getByLabel('Code of your app').fill(codeOf(secret ?? ''))
    await page.getByRole('button', { name: 'Switch it on' }).click()
    await page.getByText('Keep these recovery codes.').waitFor()
    return ((await page.locator('code').textContent()) ?? '').split(' ')
  }

  t.test('a second factor is set up, asked for, and switched off', async (t) => {
    const visitor = await visit()
    const { page } = visitor
    const email = await register(page, 'guarded')
    const [first = '', second = ''] = await switchOn(page)
    t.same(await visitor.violations(), [])
    await page.getByRole('button', { name: 'Log out', exact: true }).click()
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByLabel('Code of your app').fill(first)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByRole('heading', { name: /^Hello/ }).waitFor()
    await page.getByRole('heading', { name: 'A second factor' }).click()
    await page.getByLabel('Code of your app').fill('000000')
    await page.getByRole('button', { name: 'Switch it off' }).click()
    await page.getByRole('alert').waitFor()
    t.same(await visitor.violations(), [])
    await page.getByLabel('Code of your app').fill(second)
    await page.getByRole('button', { name: 'Switch it off' }).click()
    await page.getByRole('button', { name: 'Set it up' }).waitFor()
    const login = await shop.api.request('POST', '/users/login', { body: { email, password } })
    t.equal(login.status, 200, 'the password alone is enough again')
    const known = (fault: string): boolean => /40[13]/.test(fault)
    t.same(
      visitor.faults.filter((fault) => !known(fault)),
      [],
    )
  })

  t.test(
    'who logs in elsewhere is asked for the second factor as well, and keeps the only way in',
    async (t) => {
      const visitor = await visit()
      const { page } = visitor
      const logInElsewhere = async (): Promise<void> => {
        await page.goto('login')
        await page.getByRole('button', { name: 'Log in with Local' }).click()
        await page.getByRole('button', { name: /^Ada/ }).click()
      }
      await logInElsewhere()
      await page.getByRole('heading', { name: /^Hello/ }).waitFor()
      await page.getByRole('button', { name: 'Unlink Local' }).click()
      await page.getByText('This is your only way in.').waitFor()
      t.same(await visitor.violations(), [])
      const [first = ''] = await switchOn(page)
      await page.getByRole('button', { name: 'Log out', exact: true }).click()
      await logInElsewhere()
      await page.getByText('This account has a second factor.').waitFor()
      t.same(await visitor.violations(), [])
      await page.getByLabel('Code of your app').fill('000000')
      await page.getByRole('button', { name: 'Log in', exact: true }).click()
      await page.getByRole('alert').waitFor()
      await page.getByLabel('Code of your app').fill(first)
      await page.getByRole('button', { name: 'Log in', exact: true }).click()
      await page.getByRole('heading', { name: /^Hello/ }).waitFor()
      const known = (fault: string): boolean => /40[139]/.test(fault)
      t.same(
        visitor.faults.filter((fault) => !known(fault)),
        [],
      )
    },
  )

  t.test('customers choose of what they are told, and in which language', async (t) => {
    const visitor = await visit()
    const { page } = visitor
    const email = await register(page, 'choosy')
    type Login = { readonly accessToken: string }
    type Chosen = {
      readonly language: string | null
      readonly preferences: readonly { readonly kind: string; readonly enabled: boolean }[]
    }
    const { body } = await shop.api.request<Login>('POST', '/users/login', { body: { email, password } })
    const chosen = async () =>
      (
        await shop.api.request<Chosen>('GET', '/users/me/notification-preferences', {
          token: body.accessToken,
        })
      ).body
    await page.getByLabel('A cart that you have left, by mail').uncheck()
    await eventually('it is stored', async () =>
      (await chosen()).preferences.some(({ kind, enabled }) => kind === 'cart.abandoned' && !enabled),
    )
    await page.getByLabel('Language of mails').selectOption('de')
    await eventually('the language is stored', async () => (await chosen()).language === 'de')
    await page.getByLabel('Language of mails').selectOption('')
    await eventually('the shop decides', async () => (await chosen()).language === null)
    await page.reload()
    t.equal(await page.getByLabel('A cart that you have left, by mail').isChecked(), false)
    t.same(await visitor.violations(), [])
    t.same(visitor.faults, [])
  })
})
