import { readFile } from 'node:fs/promises'
import pg from 'pg'
import t from 'tap'
import { admin, openOneProcess, type Shop } from '../../internal/e2e/testing/shop.ts'
import { openApi } from '../../internal/e2e/testing/api.ts'
import { spawnMain } from '../../internal/e2e/testing/spawned.ts'
import { eventually } from '../../internal/platform/testing/eventually.ts'
import { readRealProducts } from '../relevance/read-products.ts'

// Files of products: the real ones of two months, an import that is killed half-way, and 100,000 rows.

t.setTimeout(840_000)

type Report = {
  readonly created: number
  readonly unchanged: number
  readonly failed: number
  readonly errors: unknown
}

type Staff = Pick<Shop, 'api' | 'adminToken'>

const send = async ({ api, adminToken: token }: Staff, file: string, query = '') =>
  (
    await api.request<Report>('POST', `/admin/products/import${query}`, {
      ...{ token, rawBody: file, headers: { 'content-type': 'text/csv' } },
    })
  ).body

const audit = async ({ api, adminToken: token }: Staff) =>
  (await api.request<{ ok: boolean }>('GET', '/admin/audit', { token })).body

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

const ofImport = `inventory.products where sku like 'ROW-%'`

const products = (await readRealProducts()) ?? []
const skip = products.length === 0 && 'the real orders are not beside the repository'

t.test('the real products of two months, and once more', { skip }, async (t) => {
  const shop = await openOneProcess(t, { SEED_DEMO: 'false' })
  const rows = products.map(({ sku, name }) => `${quoted(sku)},${quoted(name)},gifts,1.25,10`)
  const file = `sku,name,category,price,stock\n${rows.join('\n')}\n`
  t.match(await send(shop, file), { created: products.length, failed: 0, errors: [] })
  t.match(await send(shop, file), { created: 0, unchanged: products.length, failed: 0 })
  await shop.auditIsClean()
})

const lines = (rows: number): string =>
  Array.from(
    { length: rows },
    (_, index) =>
      `ROW-${index},"Thing ${index}, with a name","Shelf ${index % 40}",${index % 900}.50,3,"One of many: ${index}"\n`,
  ).join('')
const head = 'sku,name,category,price,stock,description\n'

t.test(
  'an import that is killed half-way is ended by the same file, and 100,000 rows need no memory',
  async (t) => {
    const rows = 20_000
    const shop = await openOneProcess(t, { SEED_DEMO: 'false' })
    const client = new pg.Client(shop.databaseUrl)
    await client.connect()
    t.teardown(() => client.end())
    const counted = async (what: string): Promise<number | undefined> =>
      (await client.query<{ count: number }>(`select count(*)::int as count from ${what}`)).rows[0]?.count

    const sent = send(shop, head + lines(rows)).catch(() => 'cut off')
    await eventually('a third is there', async () => ((await counted(ofImport)) ?? 0) > rows / 3, 300_000)
    process.kill(shop.processes.get('stack')?.[0]?.pid ?? 0, 'SIGKILL')
    t.equal(await sent, 'cut off')
    const before = (await counted(ofImport)) ?? 0
    t.ok(before < rows, `${before} rows were there`)

    const next = spawnMain(t, 'cmd/stack', shop.env)
    const [, url = ''] = await next.says(/^ready (\S+)/m, 240_000)
    const api = openApi(t, url)
    const again = { api, adminToken: await api.logIn(admin.email, admin.password) }
    t.match(await send(again, head + lines(rows)), { created: rows - before, unchanged: before, failed: 0 })
    t.equal(await counted(ofImport), rows)
    const opened = `inventory.stock_movements m join inventory.products p on p.id = m.product_id and p.sku like 'ROW-%'`
    t.equal(await counted(opened), rows, 'each has its opening stock once')

    const peakMb = async (): Promise<number> =>
      Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${next.pid}/status`, 'utf8'))?.[1]) / 1_024
    const startMb = await peakMb()
    const long = head + lines(100_000)
    t.match(await send(again, long, '?dryRun=true'), { created: 80_000, unchanged: rows, failed: 0 })
    const grownMb = Math.round((await peakMb()) - startMb)
    t.ok(grownMb < 100, `the memory grew by ${grownMb} MB for ${Math.round(long.length / 1e6)} MB of rows`)
    t.match(await audit(again), { ok: true })
  },
)
