import type { Page } from 'playwright-core'
import t from 'tap'
import { eventually } from '../platform/testing/eventually.ts'
import { chromiumMissing } from './testing/browser.ts'
import { act, signIn, visitAsAdmin } from './testing/console-visits.ts'
import { openShopPages } from './testing/open-shop-pages.ts'
import { codeOf } from './testing/second-factor-suite.ts'
import { admin } from './testing/shop.ts'

// The console of web/ in a real Chromium: a second factor from its set-up to its removal, and the own sessions.

type Session = { readonly id: string; readonly isCurrent: boolean }

async function openAccount(page: Page): Promise<void> {
  await page.getByRole('link', { name: admin.email }).click()
  await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor()
}

t.test('the own account in the console', { skip: chromiumMissing ?? false }, async (t) => {
  const { shop, visit } = await openShopPages(t, 'console')
  const { api } = shop
  const logIn = (code?: string) =>
    api.request<{ accessToken: string }>('POST', '/users/login', { body: { ...admin, code } })

  t.test('a second factor is set up, asked for, and removed by a recovery code', async (t) => {
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await openAccount(page)
    t.same(await visitor.violations(), [])
    await page.getByRole('button', { name: 'Set up' }).click()
    const secret = (await page.locator('code.secret').textContent()) ?? ''
    t.same(await visitor.violations(), [])
    await page.getByLabel('The code that the app shows').fill(codeOf(secret, -1))
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('The second factor is on.').waitFor()
    const [recovery = ''] = ((await page.locator('code.secret').textContent()) ?? '').split(' ')
    t.same(await visitor.violations(), [])
    t.match(await logIn(), { status: 401, body: { code: 'auth.second-factor-required' } })

    const again = await visit()
    await signIn(again.page, admin.email, admin.password)
    await again.page.getByLabel('Code of your second factor').fill(codeOf(secret))
    t.same(await again.violations(), [])
    await again.page.getByRole('button', { name: 'Sign in' }).click()
    await again.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await openAccount(again.page)
    await act(again.page, 'Remove it', {
      fill: { 'The code that the app shows': recovery },
      confirm: 'Remove it',
    })
    await again.page.getByRole('button', { name: 'Set up' }).waitFor()
    t.equal((await logIn()).status, 200)
  })

  t.test('a session is ended, and then all of them', async (t) => {
    const { body } = await logIn()
    const token = body.accessToken
    const visitor = await visitAsAdmin(visit)
    const { page } = visitor
    await openAccount(page)
    const sessions = async () =>
      (await api.request<{ data: readonly Session[] }>('GET', '/users/me/sessions', { token })).body.data
    const before = await sessions()
    const listed = page.getByRole('main').getByRole('listitem')
    t.equal(await listed.count(), before.length)
    t.equal(await listed.filter({ hasText: 'this one' }).count(), 1)
    await act(listed.last(), /^End/, { confirm: 'End' })
    t.same(
      (await sessions()).map(({ id }) => id),
      before.slice(0, -1).map(({ id }) => id),
    )
    await act(page, 'Log out everywhere', { confirm: 'Log out everywhere' })
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    const isRefused = async () => (await api.request('GET', '/users/me', { token })).status === 401
    await eventually('every token is refused within a second', isRefused, 1_000)
  })
})
