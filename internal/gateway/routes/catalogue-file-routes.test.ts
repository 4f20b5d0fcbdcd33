import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import t from 'tap'
import { Refusal } from '../../platform/refusal.ts'
import { eventually } from '../../platform/testing/eventually.ts'
import { fakeServices } from '../testing/fake-services.ts'
import { testGateway, tokenOf } from '../testing/test-gateway.ts'

type Gateway = Awaited<ReturnType<typeof testGateway>>
type Report = {
  readonly created: number
  readonly failed: number
  readonly errors: readonly { readonly line: number; readonly column: string; readonly code: string }[]
  readonly code?: string
}

async function send({ app }: Gateway, file: string | Buffer, query = '', type = 'text/csv') {
  const answer = await app.inject({
    method: 'POST',
    url: `/admin/products/import${query}`,
    headers: { authorization: `Bearer ${tokenOf(app, 'admin')}`, 'content-type': type },
    payload: file,
  })
  return { status: answer.statusCode, body: answer.json<Report>() }
}

type Asked = { readonly rows: readonly Readonly<Record<string, unknown>>[] }
const rowsAsked = ({ asked }: Gateway) => asked.flatMap(({ request }) => (request as Asked).rows)

t.test('rows become products, as spreadsheets write them', async (t) => {
  const files = {
    'commas and line feeds':
      'sku,name,price,stock,images\nA-1,"Tea, green",3.50,7,https://x.example/1 https://x.example/2\n',
    'semicolons, a byte order mark and CRLF':
      '\uFEFFsku;name;price;stock;images\r\nA-1;Tea, green;3.50;7;https://x.example/1 https://x.example/2\r\n',
    tabs: 'sku\tname\tprice\tstock\timages\nA-1\tTea, green\t3.50\t7\thttps://x.example/1 https://x.example/2',
  }
  for (const [name, file] of Object.entries(files)) {
    const gateway = await testGateway(t)
    const { status, body } = await send(gateway, file)
    t.match({ status, body }, { status: 200, body: { created: 1, failed: 0, errors: [] } }, name)
    const images = { replace: true, urls: ['https://x.example/1', 'https://x.example/2'] }
    t.match(rowsAsked(gateway), [{ sku: 'A-1', name: 'Tea, green', price: '3.50', stock: 7, images }], name)
  }
})

t.test('an empty cell says nothing', async (t) => {
  const gateway = await testGateway(t)
  await send(gateway, 'sku,name,description,images,weightGrams\nA-1, ,,,\n')
  t.strictSame(rowsAsked(gateway), [
    {
      ...{ sku: 'A-1', name: undefined, category: undefined, description: undefined },
      ...{ price: undefined, currency: undefined, stock: undefined, weightGrams: undefined },
      images: { replace: false, urls: [] },
      ...{ familyId: undefined, options: {}, attributes: {} },
    },
  ])
})

t.test('options and attributes have a column each', async (t) => {
  const gateway = await testGateway(t)
  const file =
    'sku,familyId,options.size,attributes.material,attributes.litres\nA-1,x,M,,1.5\nA-2,,,steel, \n'
  await send(gateway, file)
  t.match(rowsAsked(gateway), [
    { sku: 'A-1', familyId: 'x', options: { size: 'M' }, attributes: { litres: '1.5' } },
    { sku: 'A-2', familyId: undefined, options: {}, attributes: { material: 'steel' } },
  ])
  for (const column of ['option.size', 'options.', 'options.Size', 'attributes.a b']) {
    const { body } = await send(gateway, `sku,${column}\nA,B\n`)
    t.equal(body.code, 'import.bad-columns', column)
  }
})

t.test('each wrong row is named with its line and column, and the others are imported', async (t) => {
  const gateway = await testGateway(t)
  const rows = [
    ['sku', 'name', 'price', 'stock', 'images'], // 1
    ['A-1', '"over\ntwo lines"', '1', '1', ''], // 2 and 3
    [], // 4
    ['A-2', 'thousands', '"1,000.00"', '', ''], // 5
    ['A-3', 'units', '1', '6.0', ''], // 6
    ['A-4', 'image', '1', '', 'javascript:alert(1)'], // 7
    ['a-1', 'again', '1', '', ''], // 8
    ['A-5', 'short'], // 9
    ['A-6', 'a 10" plate', '2', '3', ''], // 10
    ['A-7', '"never closed', '2', '3', ''], // 11
    ['A-8', 'is not read', '2', '3', ''], // 12
  ]
  const { status, body } = await send(gateway, rows.map((row) => row.join(',')).join('\n'))
  t.equal(status, 200)
  t.strictSame(
    body.errors.map(({ line, column, code }) => `${line} ${column} ${code}`),
    [
      '5 price import.invalid-number',
      '6 stock import.invalid-number',
      '7 images import.invalid-image',
      '8 sku import.repeated-sku',
      '9  import.wrong-columns',
      '11  import.malformed-row',
    ],
  )
  t.match(body, { created: 2, failed: 6 })
  t.match(rowsAsked(gateway), [{ sku: 'A-1' }, { sku: 'A-6', name: 'a 10" plate' }])
})

t.test('what the inventory refuses is told with its line', async (t) => {
  const { inventory } = fakeServices()
  const importProducts: typeof inventory.importProducts = async ({ rows }) => ({
    outcomes: rows.map(({ sku }) =>
      sku === 'B'
        ? {
            kind: 'refused',
            code: 'import.missing-value',
            message: 'a new product needs a name',
            field: 'name',
          }
        : { kind: 'unchanged', code: '', message: '', field: '' },
    ),
  })
  const gateway = await testGateway(t, { inventory: { ...inventory, importProducts } })
  const { body } = await send(gateway, 'sku\nA\nB\nC\n')
  t.match(body, {
    unchanged: 2,
    failed: 1,
    errors: [{ line: 3, column: 'name', code: 'import.missing-value' }],
  })
})

t.test('a file that cannot be one of products is refused before any of it takes effect', async (t) => {
  const latin = Buffer.from('sku,name\nA,CAF\xc9\n', 'latin1')
  const large = Buffer.alloc(64 * 1024 * 1024 + 1, 'a')
  const cases: readonly (readonly [string | Buffer, string, string, number])[] = [
    ['sku,colour\nA,red\n', 'text/csv', 'import.bad-columns', 400],
    ['name\nA\n', 'text/csv', 'import.bad-columns', 400],
    ['sku,sku\nA,B\n', 'text/csv', 'import.bad-columns', 400],
    ['\n\n', 'text/csv', 'import.bad-columns', 400],
    [latin, 'text/csv', 'import.not-utf-8', 400],
    ['sku\nA\n', 'application/json', 'request.unsupported-media-type', 415],
    [large, 'text/csv', 'request.too-large', 413],
  ]
  for (const [file, type, code, expected] of cases) {
    const gateway = await testGateway(t)
    const { status, body } = await send(gateway, file, '', type)
    t.match({ status, code: body.code }, { status: expected, code }, code)
    t.equal(rowsAsked(gateway).length, 0, code)
  }
})

t.test('a dry run and a count are told to the inventory, in batches', async (t) => {
  const gateway = await testGateway(t)
  const file = `sku\n${Array.from({ length: 250 }, (_, index) => `S-${index}\n`).join('')}`
  t.match((await send(gateway, file, '?dryRun=true&stock=count')).body, { created: 250 })
  t.strictSame(
    gateway.asked.map(({ request }) => {
      const { rows, dryRun, countsStock } = request as {
        rows: unknown[]
        dryRun: boolean
        countsStock: boolean
      }
      return [rows.length, dryRun, countsStock]
    }),
    [
      [100, true, true],
      [100, true, true],
      [50, true, true],
    ],
  )
})

t.test('who asks for progress gets a line for each batch, and the report at the end', async (t) => {
  const gateway = await testGateway(t)
  const { app } = gateway
  const rows = Array.from({ length: 250 }, (_, index) => (index === 240 ? 'short' : `S-${index},Tea`))
  const ask = async (payload: string) =>
    app.inject({
      method: 'POST',
      url: '/admin/products/import',
      headers: {
        authorization: `Bearer ${tokenOf(app, 'admin')}`,
        ...{ 'content-type': 'text/csv', accept: 'application/x-ndjson' },
      },
      payload,
    })
  const answer = await ask(`sku,name\n${rows.join('\n')}\n`)
  t.match(answer.headers['content-type'], 'application/x-ndjson')
  const lines = answer.payload
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly progress: number })
  t.match(lines, [
    { created: 100, failed: 0 },
    { created: 200, failed: 0 },
    { progress: 1, created: 249, failed: 1 },
    { progress: 1, created: 249, failed: 1, errors: [{ line: 242, code: 'import.wrong-columns' }] },
  ])
  const [first = 0, second = 0] = lines.map(({ progress }) => progress)
  t.ok(first > 0.3 && first < 0.5 && second > 0.7 && second < 0.9, `${first} and ${second}`)
  t.notOk('errors' in (lines[2] ?? {}))
  t.match((await ask('sku,colour\nA,red\n')).json(), { status: 400, code: 'import.bad-columns' })
})

t.test('an import that is ended half-way says so in its last line', async (t) => {
  const { inventory } = fakeServices()
  let asked = 0
  const importProducts: typeof inventory.importProducts = async (request, call) => {
    if (++asked === 2) throw new Refusal('forbidden', 'auth.forbidden', 'no longer')
    return inventory.importProducts(request, call)
  }
  const { app } = await testGateway(t, { inventory: { ...inventory, importProducts } })
  const answer = await app.inject({
    method: 'POST',
    url: '/admin/products/import',
    headers: {
      authorization: `Bearer ${tokenOf(app, 'admin')}`,
      ...{ 'content-type': 'text/csv', accept: 'application/x-ndjson' },
    },
    payload: `sku\n${Array.from({ length: 150 }, (_, index) => `S-${index}\n`).join('')}`,
  })
  const [first = '', last = ''] = answer.payload.split('\n')
  t.match(JSON.parse(first), { created: 100 })
  t.same(JSON.parse(last), { code: 'auth.forbidden', detail: 'no longer' })
})

t.test('an inventory that is busy for a moment is asked again', async (t) => {
  const { inventory } = fakeServices()
  let asked = 0
  const importProducts: typeof inventory.importProducts = async (request, call) => {
    if (++asked === 1) throw new Refusal('unavailable', 'service.unavailable', 'busy')
    return inventory.importProducts(request, call)
  }
  const gateway = await testGateway(t, { inventory: { ...inventory, importProducts } })
  t.match((await send(gateway, 'sku\nA\n')).body, { created: 1 })
})

t.test('an export has every product once, and is a file that can be imported', async (t) => {
  const gateway = await testGateway(t)
  const answer = await gateway.send('GET /admin/products/export', { as: 'admin' })
  t.equal(answer.statusCode, 200)
  t.match(answer.headers, { 'content-type': /^text\/csv/, 'cache-control': 'no-store' })
  const [head, row, end] = answer.payload.split('\r\n')
  t.equal(
    head,
    'sku,name,category,price,currency,stock,weightGrams,description,images,familyId,options.size,attributes.litres,attributes.material',
  )
  t.match(row, /^[^,]+,/)
  t.equal(end, '')
  t.match((await send(gateway, answer.payload)).body, { created: 1, failed: 0 })
})

t.test(
  'who sends a file over a connection is told what is wrong with it, while it is still being sent',
  async (t) => {
    const { app } = await testGateway(t)
    const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/admin/products/import`
    const headers = { authorization: `Bearer ${tokenOf(app, 'admin')}`, 'content-type': 'text/csv' }
    const body = Buffer.concat([
      Buffer.from('sku,name\nA,CAF\xc9\n', 'latin1'),
      Buffer.alloc(20_000_000, 'a'),
    ])
    const answer = await fetch(url, { method: 'POST', headers, body })
    t.match(
      { status: answer.status, body: await answer.json() },
      { status: 400, body: { code: 'import.not-utf-8' } },
    )
  },
)

t.test('a file whose sender leaves half-way changes nothing and leaves nothing behind', async (t) => {
  const gateway = await testGateway(t)
  const { port } = new URL(await gateway.app.listen({ host: '127.0.0.1', port: 0 }))
  const kept = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tillstream-import-'))
  const before = new Set(kept())
  const received = () => kept().find((name) => !before.has(name))
  const socket = connect(Number(port), '127.0.0.1')
  const head = [
    'POST /admin/products/import HTTP/1.1',
    'host: shop',
    `authorization: Bearer ${tokenOf(gateway.app, 'admin')}`,
    'content-type: text/csv',
    'content-length: 1000',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\nsku,name\nA-1,Tea\n`)
  await eventually('it is being received', async () => received())
  socket.destroy()
  await eventually('it is removed', async () => !received())
  t.strictSame(rowsAsked(gateway), [])
})
