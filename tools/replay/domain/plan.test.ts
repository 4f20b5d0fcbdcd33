import t from 'tap'
import { differs } from './compare.ts'
import { parseCsv } from './csv.ts'
import { classify } from './invoice-line.ts'
import { planReplay, unitsBySku } from './plan.ts'
import { readDecimal, readWhole } from './read-number.ts'
import { roundPrice } from './round-price.ts'

const row = {
  InvoiceNo: '536365', StockCode: '85123A', Description: 'HOLDER', Quantity: '6', UnitPrice: '2.55', CustomerID: '17850',
} // prettier-ignore

t.test('CSV has quotes, commas and line ends in fields, and any line end', (t) => {
  const { rows, lineNumbers } = parseCsv('\uFEFFa, b\r\n"x, ""y""\n",2\n\n3,\r4,5\r\n\r\n')
  t.strictSame(rows, [
    { a: 'x, "y"\n', b: '2' },
    { a: '3', b: '' },
    { a: '4', b: '5' },
  ])
  t.strictSame(lineNumbers, [2, 5, 6])
  t.strictSame(parseCsv(''), { header: [], rows: [], lineNumbers: [] })
  t.strictSame(parseCsv('a,b\n1\n').rows, [{ a: '1', b: '' }])
  t.strictSame(parseCsv('a,b\n1,').rows, [{ a: '1', b: '' }])
  t.throws(() => parseCsv('a,b\n"x"y,2\n'), { message: 'not CSV at character 4, line 2' })
  t.end()
})

t.test('numbers are read when there is one way to read them', (t) => {
  for (const [text, whole] of [
    ['6', 6], ['6.0', 6], [' 6 ', 6], ['\u00a06', 6], ['+6', 6], ['006', 6], ['6.', 6], ['6.00', 6], ['0', 0],
    ['1,000', 1000], ['12,345,678', 12_345_678], ['1,000.0', 1000], ['1 000', 1000], ["1'000", 1000], ['-1,000', -1000],
    ['\u22126', -6], ['1e3', 1000], ['1.5E+3', 1500], ['12000e-3', 12], ['999999999', 999_999_999],
    ['1,00', undefined], ['1,0000', undefined], ['10,00,000', undefined], ['1,000 000', undefined], ['0,006', undefined],
    ['1000,000', undefined], ['1,5', undefined], ['1.5', undefined], ['1e-3', undefined], ['1.000', undefined],
    ['', undefined], ['.', undefined], ['-', undefined], ['six', undefined], ['6 pcs', undefined], ['1e10', undefined],
    ['1000000000', undefined], ['0x10', undefined], ['Infinity', undefined], ['NaN', undefined], ['6-', undefined],
    ['1e99', undefined], ['--6', undefined],
  ] as const) t.equal(readWhole(text), whole, text) // prettier-ignore
  for (const [text, decimal] of [
    ['2.55', '2.55'], ['1,234.50', '1234.5'], ['2.555', '2.555'], ['-11062.06', '-11062.06'], ['.5', '0.5'],
    ['2.5500000000000003', '2.5500000000000003'], ['5e-3', '0.005'], ['1.000', '1'], ['2,55', undefined], ['£2', undefined],
  ] as const) t.equal(readDecimal(text), decimal, text) // prettier-ignore
  t.end()
})

t.test('what cannot be read is told with the line of the file', (t) => {
  const plan = planReplay([row, { ...row, Quantity: '1,5' }, { ...row, UnitPrice: 'free\u0007' }], [2, 3, 7])
  t.strictSame(plan.unreadable, ['line 3: Quantity "1,5"', 'line 7: UnitPrice "free"'])
  t.equal(plan.orders.length, 1)
  t.end()
})

t.test('names that the API does not take are shortened and cleaned', (t) => {
  for (const [name, expected, change] of [
    ['\u{1f600}'.repeat(300), '\u{1f600}'.repeat(200), 'names that were shortened'],
    ['MUG\u0000 A\u001b[31m\u0085', 'MUG  A [31m', 'names that were cleaned'],
    ['MUG\r\nB', 'MUG B', 'names that were cleaned'],
    ['MUG \ud83d', 'MUG', 'names that were cleaned'],
    ['\u0001', '', 'names that were cleaned'],
    ['Cafe\u0301', 'Caf\u00e9', undefined],
    ['\u{1f468}\u200d\u{1f469}', '\u{1f468}\u200d\u{1f469}', undefined],
  ] as const) {
    const plan = planReplay([{ ...row, Description: name }])
    t.equal(plan.products[0]?.name, expected)
    t.strictSame([...plan.changed.keys()], change === undefined ? [] : [change])
  }
  t.end()
})

t.test('what the API can have no name, key or account for is left out with its reason', (t) => {
  for (const [change, reason] of [
    [{ StockCode: `DCGS${'1'.repeat(61)}` }, 'stock codes above the limit of the API'],
    [{ InvoiceNo: '5'.repeat(256) }, 'invoice numbers above the limit of the API'],
    [{ CustomerID: '1'.repeat(56) }, 'customers that can have no account'],
    [{ CustomerID: 'M\u00fcller' }, 'customers that can have no account'],
    [{ CustomerID: 'a b' }, 'customers that can have no account'],
  ] as const) {
    const plan = planReplay([row, { ...row, ...change }])
    t.strictSame([...plan.leftOut], [[reason, 1]])
    t.equal(plan.orders.length, 1)
  }
  const large = [1, 2].map(() => ({ ...row, InvoiceNo: 'C1', Quantity: '-600,000,000' }))
  const plan = planReplay([row, ...large])
  t.strictSame([[...plan.leftOut], plan.returns], [[['returns above the limits of the API', 2]], []])
  t.end()
})

t.test('a customer is the same with and without a fraction', (t) => {
  t.match(classify({ ...row, CustomerID: '17850.0' }), { customer: '17850' })
  t.end()
})

t.test('a line is a sale, a return, or left out for a reason', (t) => {
  const kinds = [
    [{}, 'sale'],
    [{ StockCode: '85123a' }, 'sale'],
    [{ StockCode: 'DCGS0003' }, 'sale'],
    [{ InvoiceNo: 'c536379', Quantity: '-1' }, 'return'],
    [{ InvoiceNo: 'C536379', Quantity: '-1', UnitPrice: '0' }, 'return'],
    [{ InvoiceNo: 'C536379' }, 'returns without a quantity'],
    [{ InvoiceNo: 'A563185' }, 'bookkeeping entries'],
    [{ StockCode: 'POST' }, 'no goods'],
    [{ StockCode: 'C2' }, 'no goods'],
    [{ StockCode: 'gift_0001_40' }, 'no goods'],
    [{ StockCode: 'M' }, 'no goods'],
    [{ StockCode: '' }, 'no goods'],
    [{ Quantity: '-6' }, 'stock corrections and gifts'],
    [{ Quantity: '0' }, 'stock corrections and gifts'],
    [{ UnitPrice: '0' }, 'stock corrections and gifts'],
    [{ UnitPrice: '-11062.06' }, 'stock corrections and gifts'],
    [{ Quantity: '1.5' }, 'unreadable'],
    [{ UnitPrice: 'free' }, 'unreadable'],
    [{ Quantity: '' }, 'unreadable'],
  ] as const
  for (const [change, expected] of kinds) {
    const line = classify({ ...row, ...change })
    t.equal(line.kind === 'left out' ? line.reason : line.kind, expected, JSON.stringify(change))
  }
  t.match(classify({ ...row, StockCode: ' 85123a ' }), {
    sku: '85123A',
    quantity: 6,
    price: '2.55',
    customer: '17850',
  })
  t.end()
})

t.test('an invoice is one order, its lines of one product are one', (t) => {
  const plan = planReplay([
    row,
    { ...row, StockCode: '85123a', Quantity: '2' },
    { ...row, StockCode: '71053' },
    { ...row, InvoiceNo: '536366', CustomerID: '' },
    { ...row, InvoiceNo: 'C536367', Quantity: '-3' },
    { ...row, StockCode: 'POST' },
  ])
  t.strictSame(
    plan.orders.map(({ invoice, customer, lines }) => [invoice, customer, [...lines]]),
    [
      ['536365', '17850', [['85123A', 8], ['71053', 6]]],
      ['536366', '', [['85123A', 6]]],
    ],
  ) // prettier-ignore
  t.strictSame(
    plan.returns.map(({ lines }) => [...lines]),
    [[['85123A', 3]]],
  )
  t.strictSame([...unitsBySku(plan.orders)], [['85123A', 14], ['71053', 6]]) // prettier-ignore
  t.strictSame([...plan.leftOut], [['no goods', 1]])
  t.equal(plan.lines, 6)
  t.end()
})

t.test('a product has the last name that is not empty and the last price above zero', (t) => {
  const { products } = planReplay([
    row,
    { ...row, Description: 'WHITE HOLDER', UnitPrice: '2.95' },
    { ...row, InvoiceNo: 'C1', Quantity: '-1', Description: '', UnitPrice: '0' },
    { ...row, InvoiceNo: 'C1', Quantity: '-1', StockCode: '71053', Description: '', UnitPrice: '0' },
  ])
  t.strictSame(products, [
    { sku: '85123A', name: 'WHITE HOLDER', price: '2.95' },
    { sku: '71053', name: '', price: '0' },
  ])
  t.end()
})

t.test('orders that the API does not take are left out whole', (t) => {
  const many = Array.from({ length: 1_001 }, (_, index) => ({ ...row, StockCode: String(10_000 + index) }))
  const large = [1, 2].map(() => ({ ...row, InvoiceNo: '536366', Quantity: '50001' }))
  const plan = planReplay([...many, ...large, { ...row, InvoiceNo: '536367' }])
  t.strictSame(
    plan.orders.map(({ invoice }) => invoice),
    ['536367'],
  )
  t.strictSame([...plan.leftOut], [['orders above the limits of the API', 1_003]])
  t.end()
})

t.test('prices are rounded half up by their digits', (t) => {
  t.strictSame(
    [['2.55', 2], ['1.005', 2], ['0.004', 2], ['2.5', 0], ['10', 2], ['0.1', 3], ['175', 0]].map(([text, decimals]) =>
      roundPrice(String(text), Number(decimals)),
    ),
    [2.55, 1.01, 0, 3, 10, 0.1, 175],
  ) // prettier-ignore
  t.end()
})

t.test('an order differs from its invoice by a product or a quantity', (t) => {
  const [planned] = planReplay([row]).orders
  t.notOk(differs(planned!, new Map([['85123A', 6]])))
  t.ok(differs(planned!, new Map([['85123A', 5]])))
  t.ok(differs(planned!, new Map([['71053', 6]])))
  t.ok(differs(planned!, new Map([['85123A', 6], ['71053', 6]]))) // prettier-ignore
  t.end()
})
