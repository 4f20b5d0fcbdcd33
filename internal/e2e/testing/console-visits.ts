import type { Locator, Page } from 'playwright-core'
import { readStackFile } from '../../config/stack-file.ts'
import type { Visit } from './open-shop-pages.ts'
import { payingAt } from './paying.ts'
import { admin, type Shop } from './shop.ts'
import type { Visitor } from './browser.ts'

/** A new shop has no months behind it, so the plots are given some. */
export async function giveFigures(page: Page): Promise<void> {
  await page.route('**/admin/analytics?**', (route) => {
    const data = Array.from({ length: 30 }, (_, index) => ({
      ...{ key: new Date(Date.UTC(2026, 0, index + 1)).toISOString().slice(0, 10), value: index * 10 },
    }))
    return route.fulfill({ json: { metric: 'orders', by: 'day', data, total: 4_350 } })
  })
}

export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await giveFigures(page)
  await page.goto('.')
  await page.getByLabel('E-mail address or username').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Somebody who may do everything, at the overview. */
export async function visitAsAdmin(visit: Visit): Promise<Visitor> {
  const visitor = await visit()
  await signIn(visitor.page, admin.email, admin.password)
  await visitor.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  return visitor
}

/** Customers, who buy by the API. */
export async function tillOf(shop: Shop) {
  const { paymentSandboxUrl = '' } = (await readStackFile(shop.env.DATA_DIR ?? '')) ?? {}
  return payingAt(shop, paymentSandboxUrl)
}

/** Opens the dialog of a button, fills it in, and confirms. */
export async function act(
  place: Page | Locator,
  button: string | RegExp,
  { fill = {}, confirm }: { readonly fill?: Readonly<Record<string, string>>; readonly confirm: string },
): Promise<void> {
  await place.getByRole('button', { name: button }).first().click()
  const page = 'keyboard' in place ? place : place.page()
  const dialog = page.getByRole('dialog')
  for (const [label, text] of Object.entries(fill)) await dialog.getByLabel(label).fill(text)
  await dialog.getByRole('button', { name: confirm, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

/** Goes to a page by the navigation. */
export async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
}
