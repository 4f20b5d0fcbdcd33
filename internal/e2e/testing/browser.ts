import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Test } from 'tap'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const programs = ['chromium', 'chromium-browser', 'google-chrome']
const program = (process.env.PATH ?? '')
  .split(path.delimiter)
  .flatMap((folder) => programs.map((name) => path.join(folder, name)))
  .find((file) => existsSync(file))

/** Why the tests in a browser are skipped here; undefined: they are not. */
export const chromiumMissing: string | undefined =
  program === undefined ? "there is no Chromium here: install Debian's package chromium" : undefined

export type Visitor = {
  readonly page: Page
  /** What the console and the network complained of since the visit began. */
  readonly faults: readonly string[]
  /** The rules of accessibility that the page breaks now, in light and in dark. */
  readonly violations: () => Promise<readonly string[]>
}

/** A machine that does other things may take long for a page. */
const patienceMs = 60_000

export async function testBrowser(t: Test): Promise<Browser> {
  // Root has no sandbox of Chromium, and CI is root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: program ?? '', args })
  t.teardown(() => browser.close())
  return browser
}

/** Somebody with a browser of his own, who reads English unless it is said. */
export async function newVisitor(
  t: Test,
  browser: Browser,
  shopUrl: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ locale: 'en-GB', baseURL: shopUrl, ...options })
  t.teardown(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  const faults: string[] = []
  const { origin } = new URL(shopUrl)
  page.on('pageerror', (err) => faults.push(`error: ${err.message}`))
  page.on('console', (message) => {
    const isOwn = message.location().url.startsWith(origin)
    if (isOwn && ['error', 'warning'].includes(message.type()))
      faults.push(`${message.type()}: ${message.text()} at ${message.location().url}`)
  })
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    // What is read no more is ended by the page itself: the events of an order, a search that goes on.
    if (request.url().startsWith(origin) && why !== 'net::ERR_ABORTED')
      faults.push(`${request.url()}: ${why}`)
  })
  page.on('response', (response) => {
    if (response.url().startsWith(origin) && response.status() >= 400)
      faults.push(`${response.status()} ${response.request().method()} ${response.url()}`)
  })
  return { page, faults, violations: () => violationsOf(page) }
}

let axe: Promise<string> | undefined

async function violationsOf(page: Page): Promise<readonly string[]> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(await axe)
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const broken = await page.evaluate(async () => {
      type Run = {
        violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[]
      }
      const { axe: here } = globalThis as unknown as { axe: { run: () => Promise<Run> } }
      const { violations } = await here.run()
      return violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('; ')}`,
      )
    })
    found.push(...broken.map((text) => `${colorScheme} ${new URL(page.url()).pathname} ${text}`))
  }
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}
