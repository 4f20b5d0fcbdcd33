import { mkdir, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { testGateway } from '../testing/test-gateway.ts'

const html = '<!doctype html><title>Shop</title>'
const script = 'console.log("a script that is long enough to be worth compressing")'.repeat(20)

/** A folder as the build of web/ leaves it. */
async function builtPages(t: Test): Promise<string> {
  const dir = t.testdir()
  const assets = path.join(dir, 'shop', 'assets')
  await mkdir(assets, { recursive: true })
  await writeFile(path.join(dir, 'shop', 'index.html'), html)
  await writeFile(path.join(assets, 'shop-1234.js'), script)
  await writeFile(path.join(assets, 'shop-1234.js.br'), brotliCompressSync(script))
  await writeFile(path.join(assets, 'shop-1234.js.gz'), gzipSync(script))
  return dir
}

t.test('the shop is one page at all of its addresses', async (t) => {
  const { send } = await testGateway(t, { webDir: await builtPages(t) })
  for (const url of ['/shop', '/shop/', '/shop/orders/1?payment=2']) {
    const answer = await send(`GET ${url}`)
    t.equal(answer.statusCode, 200, url)
    t.equal(answer.body, html)
    t.match(answer.headers, { 'content-type': /^text\/html/, 'cache-control': 'no-cache' })
    t.equal(answer.headers['content-length'], String(html.length))
  }
})

t.test('its pages may run its own scripts only, and the API still nothing', async (t) => {
  const { send } = await testGateway(t, { webDir: await builtPages(t) })
  const policy = String((await send('GET /shop')).headers['content-security-policy'])
  t.match(policy, "default-src 'none'")
  t.match(policy, "script-src 'self';")
  t.match(policy, "style-src 'self';")
  t.match(policy, "frame-ancestors 'none'")
  t.notMatch(policy, 'unsafe')
  const ofApi = String((await send('GET /products')).headers['content-security-policy'])
  t.equal(ofApi, "default-src 'none';frame-ancestors 'none'")
})

t.test('assets are sent compressed, with their length, and kept for a year', async (t) => {
  const { send } = await testGateway(t, { webDir: await builtPages(t) })
  const ask = (accepted: string) =>
    send('GET /shop/assets/shop-1234.js', { headers: { 'accept-encoding': accepted } })
  const forms = [
    ['gzip, deflate, br, zstd', 'br', brotliCompressSync(script)],
    ['gzip', 'gzip', gzipSync(script)],
    ['br;q=0, gzip;q=0.5', 'gzip', gzipSync(script)],
    ['', undefined, Buffer.from(script)],
  ] as const
  for (const [accepted, coding, bytes] of forms) {
    const answer = await ask(accepted)
    t.equal(answer.headers['content-encoding'], coding, `accepts ${accepted}`)
    t.equal(answer.headers['content-length'], String(bytes.length))
    t.equal(answer.rawPayload.compare(bytes), 0)
    t.match(answer.headers, {
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    })
    t.match(answer.headers['content-type'], /^text\/javascript/)
  }
  const { headers } = await ask('br')
  const again = await send('GET /shop/assets/shop-1234.js', {
    headers: { 'accept-encoding': 'br', 'if-none-match': String(headers.etag) },
  })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')
})

t.test('a file that is not there is no page', async (t) => {
  const { send } = await testGateway(t, { webDir: await builtPages(t) })
  for (const url of ['/shop/assets/shop-0000.js', '/shop/assets/none', '/shop/robots.txt']) {
    const answer = await send(`GET ${url}`)
    t.equal(answer.statusCode, 404, url)
    t.match(answer.json(), { code: 'request.unknown-route' })
  }
  for (const url of ['/shop/../../package.json', '/shop/%2e%2e/%2e%2e/package.json', '/shop/..%2fsecret.txt'])
    t.equal((await send(`GET ${url}`)).statusCode, 404, url)
})

t.test(
  'a browser is led from / to the shop, and a client of the API is told that nothing is there',
  async (t) => {
    const { send } = await testGateway(t, { webDir: await builtPages(t) })
    const browser = await send('GET /', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
    t.equal(browser.statusCode, 302)
    t.equal(browser.headers.location, '/shop')
    const client = await send('GET /', { headers: { accept: '*/*' } })
    t.equal(client.statusCode, 404)
    t.match(client.headers['content-type'], /^application\/problem\+json/)
  },
)

t.test('pages that were not built are a clear problem', async (t) => {
  const { send } = await testGateway(t, { webDir: await builtPages(t) })
  const answer = await send('GET /console/orders')
  t.equal(answer.statusCode, 404)
  t.match(answer.json(), { code: 'page.not-built', detail: /pages of the console.*WEB_DIR/ })
  const without = await testGateway(t)
  t.match((await without.send('GET /shop')).json(), { code: 'page.not-built' })
  const browser = await without.send('GET /', { headers: { accept: 'text/html' } })
  t.match(browser.json(), { code: 'request.unknown-route' })
})

t.test('what is built while the gateway runs is shown at once', async (t) => {
  const dir = await builtPages(t)
  const { send } = await testGateway(t, { webDir: dir })
  t.equal((await send('GET /shop')).body, html)
  const file = path.join(dir, 'shop', 'index.html')
  await writeFile(file, '<!doctype html><title>New</title>')
  await utimes(file, new Date(), new Date(Date.now() + 5_000))
  t.match((await send('GET /shop')).body, /New/)
})
