import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { readPlan, type ReadPlan } from './read-plan.ts'

const header = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'UnitPrice', 'CustomerID']
const lines = [
  ['536365', '85123A', 'CAFÉ “MUG” €', '6', '2.55', '17850'],
  ['536365', '71053', 'TEA, GREEN', '2', '3.39', '17850'],
  ['536366', '85123A', 'CAFÉ “MUG” €', '1000', '2.55', ''],
  ['C536379', '85123A', 'CAFÉ “MUG” €', '-1', '2.55', '17850'],
  ['C536379', '71053', 'TEA, GREEN', '-1', '3.39', '17850'],
]
const csv = (rows: readonly (readonly string[])[], end = '\n', quote = /[",]/): string =>
  rows
    .map(
      (row) =>
        row.map((field) => (quote.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join() + end,
    )
    .join('')

async function read(t: Test, content: string | Uint8Array): Promise<ReadPlan> {
  const file = path.join(t.testdir(), 'orders.csv')
  await writeFile(file, content)
  return readPlan(file)
}

/** Latin-1 has all of the text but the quotation marks and the euro, which only Windows-1252 has. */
const windows1252 = (text: string): Buffer =>
  Buffer.from(
    text.replace(/[“”€]/g, (char) => ({ '“': '\x93', '”': '\x94' })[char] ?? '\x80'),
    'latin1',
  )
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le')

t.test('the same file saved again is the same file', async (t) => {
  const { file, plan } = await read(t, csv([header, ...lines]))
  t.match(file, /^[0-9a-f]{12}$/)
  t.equal(plan.products[0]?.name, 'CAFÉ “MUG” €')
  const again = csv([header, ...lines], '\r\n')
  const turned = (row: readonly string[]): readonly string[] => row.toReversed()
  for (const [how, content] of Object.entries({
    'with a byte order mark and CRLF': `\uFEFF${again}`,
    'with CR': csv([header, ...lines], '\r'),
    'with all fields quoted': csv([header, ...lines], '\n', /^/),
    'without the last line end': again.trimEnd(),
    'with empty lines': `${again}\r\n\r\n`,
    'with other line order': csv([header, ...lines.toReversed()]),
    'with other columns': csv([header, ...lines].map(turned).map((row) => [...row, 'x'])),
    'with numbers written otherwise': again
      .replace('1000', '"1,000"')
      .replace(',6,', ', 6.0 ,')
      .replaceAll('17850', '17850.0'),
    'with a split line': again.replace(/(536366,.*)1000(.*)/, '$1400$2\r\n$1600$2'),
    'in Windows-1252': windows1252(again),
    'in UTF-16LE': utf16(again),
    'in UTF-16BE': utf16(again).swap16(),
    decomposed: again.normalize('NFD'),
    compressed: gzipSync(windows1252(again)),
  })) {
    const other = await read(t, content)
    t.equal(other.file, file, how)
    t.match(
      other.plan.products.find(({ sku }) => sku === '85123A'),
      { name: 'CAFÉ “MUG” €', price: '2.55' },
      how,
    )
  }
})

t.test('another order, return or customer makes another file', async (t) => {
  const { file } = await read(t, csv([header, ...lines]))
  const change = (line: number, column: number, text: string): string =>
    csv([header, ...lines.map((row, index) => (index === line ? row.with(column, text) : row))])
  for (const other of [
    change(0, 0, '536367'), change(0, 1, '85123B'), change(0, 3, '7'), change(2, 5, '17850'), change(3, 3, '-2'),
    csv([header, ...lines.slice(1)]), csv([header, ...lines.slice(0, 4)]),
  ]) t.not((await read(t, other)).file, file) // prettier-ignore
  t.equal((await read(t, change(0, 2, 'ANOTHER NAME'))).file, file)
  t.equal((await read(t, change(0, 4, '9.99'))).file, file)
})

t.test('what is no file of orders is refused, and one without lines has no orders', async (t) => {
  await t.rejects(read(t, 'a,b\n1,2\n'), {
    message: /is no file of orders: it lacks the columns InvoiceNo, /,
  })
  await t.rejects(read(t, ''), { message: /it lacks the columns/ })
  await t.rejects(readPlan('nowhere.csv'), { message: /nowhere.csv cannot be read/ })
  t.match((await read(t, csv([header]))).plan, { orders: [], lines: 0 })
})
