import t from 'tap'
import type { Page } from 'playwright-core'
import { eventually } from '../platform/testing/eventually.ts'
import { chromiumMissing } from './testing/browser.ts'
import { visitAsAdmin } from './testing/console-visits.ts'
import { openShopPages } from './testing/open-shop-pages.ts'

// Lists of orders in a real Chromium: live while they are short, and smooth when they are long.

const many = 10_000
const atOnce = 32
const longestTaskMs = 100

t.test('lists of orders', { skip: chromiumMissing ?? false }, async (t) => {
  const { shop, visit } = await openShopPages(t, 'console')
  const { id: productId } = await shop.newProduct(many * 2)
  const tokens = await Promise.all(Array.from({ length: atOnce }, () => shop.api.newCustomer()))
  const place = async (index: number): Promise<string> => {
    const body = { items: [{ productId, quantity: 1 }] }
    const token = tokens[index % atOnce] ?? ''
    const placed = await shop.api.request<{ id: string }>('POST', '/orders', { token, body })
    if (placed.status !== 201) throw new Error(`an order was answered ${placed.status}`)
    return placed.body.id
  }

  t.test('a new order is in the list before the list would be asked for again by itself', async (t) => {
    const { page, faults } = await visitAsAdmin(visit)
    await page.goto('orders')
    await page.getByText('Nobody has ordered anything yet.').waitFor()
    const changes = page.waitForResponse((response) => response.url().endsWith('/admin/orders/changes'))
    await page.reload()
    await changes
    const placedAt = performance.now()
    const id = await place(0)
    await page.locator(`a[href$="/orders/${id}"]`).waitFor()
    const ms = performance.now() - placedAt
    t.ok(ms < 10_000, `it was there after ${Math.round(ms)} ms`)
    t.same(faults, [])
  })

  t.test('ten thousand orders are scrolled without a long task', async (t) => {
    const share = async (user: number): Promise<void> => {
      for (let index = user + 1; index < many; index += atOnce) await place(index)
    }
    await Promise.all(tokens.map((_, user) => share(user)))
    const { page, faults } = await visitAsAdmin(visit)
    await page.goto('orders')
    await page.getByRole('row').nth(5).waitFor()
    await scrollToEnd(page)
    const rows = await page.getByRole('table').getAttribute('aria-rowcount')
    t.equal(rows, String(many + 1), 'all of them and the head')
    t.ok((await page.getByRole('row').count()) < 100, 'only what is in sight is in the page')
    const ms = await longestTask(page)
    t.comment(`the longest task took ${Math.round(ms)} ms`)
    t.ok(ms <= longestTaskMs, `the longest task took ${Math.round(ms)} ms`)
    t.same(faults, [])
  })
})

/** Goes on until there is nothing more to ask for. */
async function scrollToEnd(page: Page): Promise<void> {
  await eventually(
    'the end of the list',
    async () => {
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
      return (await page.getByRole('button', { name: 'Show more' }).count()) === 0
    },
    240_000,
  )
}

type TraceEvent = {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** The thread's CPU time, in microseconds. */
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/**
 * Scrolls through all of it as fast as a wheel does. Returns the CPU time of the longest task of the page in milliseconds: other
 * processes of the machine may be at work, which a clock on the wall would count.
 */
async function longestTask(page: Page): Promise<number> {
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser')
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] })
  await page.evaluate(`new Promise((resolve) => {
    scrollTo(0, 0)
    const step = () => {
      scrollBy(0, 4000)
      if (scrollY + innerHeight < document.documentElement.scrollHeight - 1) requestAnimationFrame(step)
      else resolve()
    }
    requestAnimationFrame(step)
  })`)
  const trace = JSON.parse(String(await browser.stopTracing())) as { readonly traceEvents: TraceEvent[] }
  const main = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const tasks = trace.traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && main.has(`${pid} ${tid}`),
  )
  if (tasks.length < 50) throw new Error(`the trace has ${tasks.length} tasks only`)
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1_000
}
