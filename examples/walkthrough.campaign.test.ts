import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { admin, openOneProcess } from '../internal/e2e/testing/shop.ts'
import { root } from '../scripts/root.mjs'

t.setTimeout(240_000)
const shop = await openOneProcess(t)
const page = await readFile(`${root}/docs/walkthrough.md`, 'utf8')
const columnsHere = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|')[2] ?? '')
const routesIn = (text: string): readonly string[] =>
  Array.from(text.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`\s]*)`/g), ([, route = '']) => route)

const access = { SHOP: shop.url, ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }
const walk = async (settings: object = {}): Promise<string> => {
  const env = { ...process.env, ...access, ...settings }
  return (await promisify(execFile)('sh', [`${root}/examples/walkthrough.sh`], { env })).stdout
}

t.test('each request that the page names is sent, and all are answered', async (t) => {
  const said = await walk()
  const wanted = new Set([...columnsHere.flatMap(routesIn), 'GET /notifications'])
  t.ok(wanted.size > 30)
  for (const route of wanted) t.match(said, new RegExp(`^  ${quoted(route)} +2\\d\\d$`, 'm'), route)
  for (const event of ['order.confirmed', 'order.paid', 'order.shipped', 'order.progress'])
    t.match(said, new RegExp(`^    ${quoted(event)}$`, 'm'), event)
  t.match(said, 'is on its way')
  await shop.auditIsClean()
})

t.test('the page names routes and events that there are', async (t) => {
  type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>> }
  const { paths } = (await shop.api.request<Document>('GET', '/openapi.json')).body
  for (const route of columnsHere.flatMap(routesIn)) {
    const [method = '', path = ''] = route.split(' ')
    t.ok(paths[path.split('?')[0] ?? '']?.[method.toLowerCase()], route)
  }
  const events = await readFile(`${root}/docs/events.md`, 'utf8')
  const named = columnsHere.flatMap((text) =>
    Array.from(text.matchAll(/`([a-z]+\.[a-z_]+)`/g), ([, name = '']) => name),
  )
  t.ok(named.length > 15)
  for (const name of named) t.match(events, `[${name}](#`, name)
})

t.test('it stops where something is not as it should be', async (t) => {
  await t.rejects(walk({ ADMIN_PASSWORD: 'another-password' }), { code: 1, stderr: /auth\./ })
})

const quoted = (text: string): string => text.replaceAll(/[.?*+^$[\]\\(){}|]/g, '\\$&')
