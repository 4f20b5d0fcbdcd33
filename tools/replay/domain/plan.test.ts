import t from 'tap'
import { differs } from './compare.ts'
import { parseCsv } from './csv.ts'
import { classify } from './invoice-line.ts'
import { planReplay, unitsBySku } from './plan.ts'
import { roundPrice } from './round-price.ts'

const row = {
  InvoiceNo: '536365', StockCode: '85123A', Description: 'HOLDER', Quantity: '6', UnitPrice: '2.55', CustomerID: '17850',
} // prettier-ignore

t.test('CSV has quotes, commas and line ends in fields, and any line end', (t) => {
  t.strictSame(parseCsv('\uFEFFa,b\r\n"x, ""y""\n",2\n3,'), [
    { a: 'x, "y"\n', b: '2' },
    { a: '3', b: '' },
  ])
  t.strictSame(parseCsv(''), [])
  t.strictSame(parseCsv('a,b\n1\n'), [{ a: '1', b: '' }])
  t.throws(() => parseCsv('a,b\n"x"y,2\n'), { message: 'not CSV at character 4, line 2' })
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
