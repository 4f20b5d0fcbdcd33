import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { openOneProcess } from './testing/shop.ts'
import { spawnMain } from './testing/spawned.ts'

const shop = await openOneProcess(t)

/** Runs a tool as an operator does, with the settings of the stack. */
async function run(
  t: Test,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const tool = spawnMain(t, name, { ...shop.env, ...env }, args)
  return { code: await tool.ended, output: tool.output() }
}

/** With these settings the tool can find the stack only by DATA_DIR. */
const byDataDir = { DATABASE_URL: '', NATS_URL: '' }

async function fileOf(
  t: Test,
  name: string,
  invoices: readonly (readonly [invoice: string, sku: string, quantity: number])[],
) {
  const rows = invoices.map(([invoice, sku, quantity], index) => {
    const customer = index % 3 === 0 ? '' : `1785${index % 4}`
    return `${invoice},${sku},"MUG, ""LARGE""",${quantity},2010-12-01T08:26:00,2.555,${customer},United Kingdom`
  })
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
  const file = path.join(t.testdir(), name)
  await writeFile(file, [header, ...rows, ''].join('\n'))
  return file
}

const december = Array.from({ length: 60 }, (_, index) => {
  return [String(536_365 + index), `8512${index % 5}A`, 1 + (index % 7)] as const
})

t.test('a replay places each order once, and stock is what the file says', async (t) => {
  const file = await fileOf(t, 'december.csv', [
    ...december,
    ['C536400', '85120A', -2],
    ['536400', 'POST', 1],
  ])
  const first = await run(t, 'tools/replay', [file], byDataDir)
  t.match(first.output, /left out: no goods +1\n/)
  t.match(first.output, /placed +60 \(60 now, 0 by an earlier run\)\n +confirmed +60\n/)
  t.match(first.output, /5 of 5 products\n +expected from +the file alone\naudit +clean\n\nEverything agrees/)
  t.equal(first.code, 0, first.output)

  const second = await run(t, 'tools/replay', [file, '--opening-stock', '3', '--url', shop.url])
  t.match(second.output, /placed +60 \(0 now, 60 by an earlier run\)/)
  t.equal(second.code, 0, second.output)
})

t.test('a file that is saved again or shares invoices with another one opens stock once', async (t) => {
  const march = (from: number, to: number, quantity: (units: number) => string): readonly string[] =>
    december
      .map(([invoice, sku, units], index) => {
        const [number, code] = [`7${invoice}`, `7${sku.slice(1)}`]
        return `${number},${code},"CAFÉ",${quantity(units)},2010-12-01T08:26:00,2.555,1785${index % 4},France`
      })
      .slice(from, to)
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
  const back = 'C7536400,75120A,CAFÉ,-2,,2.555,,'
  const dir = t.testdir()
  const write = async (name: string, text: string, encoding: BufferEncoding): Promise<string> => {
    const file = path.join(dir, name)
    await writeFile(file, text, encoding)
    return file
  }
  const first = await write('first.csv', [header, ...march(0, 40, String), back, ''].join('\n'), 'utf8')
  const rows = [...march(0, 40, (units) => `" ${units}.0 "`), back].reverse()
  const again = await write('again.csv', [header, ...rows, ''].join('\r\n'), 'latin1')
  const other = await write(
    'other.csv',
    `\uFEFF${[header, ...march(20, 60, String), back].join('\r\n')}`,
    'utf16le',
  )

  const stocks = async (): Promise<readonly (readonly unknown[])[]> => {
    const answer = await fetch(`${shop.url}/products?limit=100`)
    const { data } = (await answer.json()) as { data: { sku: string; name: string; stock: number }[] }
    return data
      .filter(({ sku }) => sku.startsWith('75'))
      .map(({ sku, name, stock }) => [sku, name, stock])
      .sort()
  }
  const left = [0, 1, 2, 3, 4].map((index) => [`7512${index}A`, 'CAFÉ', index === 0 ? 2 : 0])
  for (const [file, placed] of [
    [first, '40 now, 0 by'],
    [again, '0 now, 40 by'],
    [other, '20 now, 20 by'],
    [other, '0 now, 40 by'],
    [first, '0 now, 40 by'],
  ] as const) {
    const { code, output } = await run(t, 'tools/replay', [file], byDataDir)
    t.match(output, new RegExp(`placed +40 \\(${placed}`))
    t.match(output, /audit +clean\n\nEverything agrees/)
    t.equal(code, 0, output)
    t.strictSame(await stocks(), left, file)
  }

  const unread = await write('unread.csv', [header, ...march(0, 9, () => '"1,5"')].join('\n'), 'utf8')
  const nothing = await run(t, 'tools/replay', [unread], byDataDir)
  t.match(nothing, {
    code: 1,
    output: /9 lines were unreadable.*line 2: Quantity "1,5".*Nothing was placed/s,
  })
})

t.test('a replay with scarce stock rejects, and never sells what is not there', async (t) => {
  const january = december.map(
    ([invoice, sku, quantity]) => [`9${invoice}`, `9${sku.slice(1)}`, quantity] as const,
  )
  const file = await fileOf(t, 'january.csv', january)
  const { code, output } = await run(
    t,
    'tools/replay',
    [file, '--opening-stock', '20', '--concurrency', '8'],
    byDataDir,
  )
  t.match(output, /rejected +[1-9]/)
  t.match(output, /5 of 5 products\n +expected from +the file and which of its orders were confirmed\n/)
  t.equal(code, 0, output)
})

t.test('what cannot be replayed is told in one line', async (t) => {
  const file = await fileOf(t, 'one.csv', december.slice(0, 1))
  for (const [args, message, code] of [
    [['nowhere.csv'], /nowhere.csv cannot be read/, 2],
    [['package.json'], /package.json is no file of orders/, 2],
    [[file, '--url', 'http://127.0.0.1:9'], /No shop answers at http:\/\/127.0.0.1:9/, 2],
    [[], /which FILE/, 2],
    [['--help'], /^usage: npm run replay/, 0],
  ] as const) {
    const result = await run(t, 'tools/replay', args)
    t.match(result, { code, output: message })
    if (code === 2 && args.length > 0) t.equal(result.output.trim().split('\n').length, 1, result.output)
  }
  const stranger = await run(t, 'tools/replay', [file], { ...byDataDir, ADMIN_PASSWORD: 'something else' })
  t.match(stranger, { code: 1, output: /admin@example.com cannot log in/ })
})

t.test(
  'the audit finds the running stack, prints a table or JSON, and ends with 1 on a violation',
  async (t) => {
    await shop.auditIsClean()
    const clean = await run(t, 'cmd/audit', [], byDataDir)
    t.match(clean.output, /order-histories +\d+ checked {2}ok\n.*Every invariant holds/s)
    t.equal(clean.code, 0, clean.output)

    const client = new pg.Client({ connectionString: shop.databaseUrl })
    await client.connect()
    t.teardown(() => client.end())
    await client.query('update inventory.stock set available = available + 1')
    t.teardown(() => client.query('update inventory.stock set available = available - 1'))
    const violated = await run(t, 'cmd/audit', ['--json'])
    t.equal(violated.code, 1)
    const { invariants } = JSON.parse(violated.output) as {
      invariants: { name: string; violations: number }[]
    }
    t.same(
      invariants.filter(({ violations }) => violations > 0).map(({ name }) => name),
      ['stock-and-ledger'],
    )
    t.match(await run(t, 'cmd/audit', []), {
      code: 1,
      output: /! stock-and-ledger.*and \d+ more\n.*1 of \d+ invariants are violated/s,
    })
  },
)

t.test('an audit that cannot be done ends with 2 and one line', async (t) => {
  const away = 'postgres://127.0.0.1:9/nothing'
  const { databaseUrl, nats } = shop
  const told = { databaseUrl, natsUrl: nats.url, url: '', databases: { order: away } }
  const dir = t.testdir({ empty: {}, stack: { 'stack.json': JSON.stringify(told) } })
  const rows = [
    [['--fast'], {}, /Unknown option '--fast'/],
    [[], { ...byDataDir, DATA_DIR: `${dir}/empty` }, /No stack runs on/],
    [[], { DATABASE_URL: away }, /The audit could not be done/],
    [[], { NATS_URL: 'nats://127.0.0.1:9' }, /NATS cannot be reached/],
    [[], { ORDER_DATABASE_URL: away }, /the database of order does not answer/],
    [[], { ...byDataDir, DATA_DIR: `${dir}/stack` }, /the database of order does not answer/],
    [[], { PORT: 'eighty' }, /PORT must be/],
  ] as const
  // They run at the same time, because each is a process that takes a second or more to start.
  const results = await Promise.all(rows.map(([args, env]) => run(t, 'cmd/audit', args, env)))
  rows.forEach(([, , message], index) => t.match(results[index], { code: 2, output: message }))
  t.match(await run(t, 'cmd/audit', ['--help']), { code: 0, output: /^usage: npm run audit/ })
})

t.test("a container's health check asks its service", async (t) => {
  const user = spawnMain(t, 'cmd/user', shop.env)
  await user.says(/"msg":"started"/)
  t.match(await run(t, 'cmd/health', ['user']), { code: 0, output: '' })
  t.match(await run(t, 'cmd/health', ['order']), {
    code: 1,
    output: /order: the order service does not answer/,
  })
})
