import { spawnSync } from 'node:child_process'
import path from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import type { Test } from 'tap'
import { freePort } from '../../local/system.ts'
import { newVisitor, testBrowser, type Visitor } from './browser.ts'
import { openOneProcess, type Shop } from './shop.ts'

const root = path.resolve(import.meta.dirname, '..', '..', '..')

type Application = 'shop' | 'console'
export type Visit = (options?: BrowserContextOptions) => Promise<Visitor>

/** A stack with its inbox and identity provider, its pages as they are now, and browsers to visit them. */
export async function openShopPages(
  t: Test,
  application: Application = 'shop',
  settings: Readonly<Record<string, string>> = {},
): Promise<{ readonly shop: Shop; readonly visit: Visit }> {
  const script = path.join(root, 'scripts', 'web.mjs')
  const { status, stderr } = spawnSync(process.execPath, [script], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the pages cannot be built: ${stderr}`)
  const shop = await openOneProcess(t, {
    // The links of mails lead to this port.
    ...{ PORT: String(await freePort()), NOTIFY_BY: 'email', WEB_DIR: path.join(root, 'dist', 'web') },
    ...settings,
  })
  const browser = await testBrowser(t)
  return { shop, visit: (options = {}) => newVisitor(t, browser, `${shop.url}/${application}/`, options) }
}
