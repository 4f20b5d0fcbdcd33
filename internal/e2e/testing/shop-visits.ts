import type { Page } from 'playwright-core'
import type { Shop } from './shop.ts'

const password = 'a-long-enough-password'

/** Red in M and L, and blue in L, which is sold out; and a code for a tenth off. */
export async function newFamily({ api, adminToken: token }: Shop): Promise<void> {
  const family = { name: 'Shirt', options: ['colour', 'size'] }
  const { body } = await api.request<{ id: string }>('POST', '/families', { token, body: family })
  for (const [colour, size, stock] of [
    ['red', 'L', 20],
    ['red', 'M', 20],
    ['blue', 'L', 0],
  ] as const) {
    const product = {
      ...{ name: `Shirt, ${colour}, ${size}`, category: 'shirts', price: 19.99, stock },
      ...{ familyId: body.id, options: { colour, size } },
    }
    await api.request('POST', '/products', { token, body: product })
  }
  await api.request('POST', '/admin/promotions', {
    token,
    body: { kind: 'percent', value: 10, code: 'WELCOME' },
  })
}

export async function fillAddress(page: Page): Promise<void> {
  await page.getByLabel('Full name').fill('Ada Lovelace')
  await page.getByLabel('Street and number').fill('12 St James Square')
  await page.getByLabel('Postal code').fill('SW1Y 4JH')
  await page.getByLabel('City').fill('London')
  await page.getByLabel('Country').selectOption('GB')
  await page.getByRole('button', { name: 'Continue to delivery' }).click()
  await page.getByRole('heading', { name: 'Payment' }).waitFor()
}

export async function putIntoCart(page: Page, name: string): Promise<void> {
  await page.goto(`?q=${encodeURIComponent(name)}`)
  await page.getByRole('link', { name: new RegExp(name) }).click()
  await page.getByRole('button', { name: 'Add to cart' }).click()
  await page.getByRole('link', { name: 'Go to cart' }).waitFor()
}

export async function register(page: Page, username: string): Promise<string> {
  const email = `${username}@example.com`
  await page.goto('register')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Make an account' }).click()
  await page.getByRole('heading', { name: /^Hello/ }).waitFor()
  return email
}

export async function ship({ api, adminToken }: Shop, orderId: string): Promise<void> {
  type Order = { items: { lineId: string; quantity: number }[] }
  const { body: order } = await api.request<Order>('GET', `/orders/${orderId}`, { token: adminToken })
  const lines = order.items.map(({ lineId, quantity }) => ({ lineId, quantity }))
  const body = { lines, carrier: 'Post', trackingNumber: 'T-1' }
  await api.request('POST', `/orders/${orderId}/shipments`, { token: adminToken, body })
}

/** What has the focus, by its label or its text. The page reads it, in whose language the types here are not. */
export function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    '(document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent ?? ""',
  )
}

export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let pressed = 0; pressed < 60; pressed++) {
    await page.keyboard.press('Tab')
    if (name.test(await focused(page))) return
  }
  throw new Error(`no Tab leads to ${String(name)}`)
}

/** The time from the beginning of the page to its largest paint. */
export function largestPaintMs(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Infinity))
    observer.observe({ type: 'largest-contentful-paint', buffered: true })
  })`)
}
