import fc from 'fast-check'
import t from 'tap'
import { allocate, putOff, type StockLine, type StockRequest } from './allocate.ts'
import type { OrderId, ProductId } from '../../domain/ids.ts'

const product = (n: number): ProductId => `product ${n}` as ProductId
const order = (n: number): OrderId => `order ${n}` as OrderId
const line = (n: number, quantity: number): StockLine => ({ productId: product(n), quantity })

t.test('what one order takes is gone for the next', async (t) => {
  const requests = [2, 2, 1].map((quantity, n) => ({ orderId: order(n), lines: [line(1, quantity)] }))
  const { left, decisions } = allocate(new Map([[product(1), 3]]), requests)
  t.strictSame(left, new Map([[product(1), 0]]))
  t.strictSame(
    decisions.map(({ outcome }) => outcome),
    ['held', 'rejected', 'held'],
  )
})

t.test('an order that is short of one product takes nothing of the others', async (t) => {
  const stock = new Map([
    [product(1), 5],
    [product(2), 1],
    [product(3), 0],
  ])
  const { left, decisions } = allocate(stock, [
    { orderId: order(1), lines: [line(1, 5), line(2, 2), line(3, 1)] },
  ])
  t.strictSame(left, stock)
  t.match(decisions, [
    {
      outcome: 'rejected',
      shortages: [
        { productId: product(2), requested: 2, available: 1 },
        { productId: product(3), requested: 1, available: 0 },
      ],
    },
  ])
})

t.test('an order with an unknown product takes nothing', async (t) => {
  const stock = new Map([[product(1), 5]])
  const { left, decisions } = allocate(stock, [{ orderId: order(1), lines: [line(1, 1), line(2, 1)] }])
  t.strictSame(left, stock)
  t.strictSame(decisions, [{ orderId: order(1), outcome: 'unknown-product' }])
})

const stocks = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 30 })), {
  selector: ([n]) => n,
})
const lines = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 12 })), {
  selector: ([n]) => n,
  minLength: 1,
})
const cases = fc.record({
  available: stocks.map((rows) => new Map(rows.map(([n, units]) => [product(n), units]))),
  requests: fc.array(lines, { maxLength: 20 }).map((orders) =>
    orders.map((rows, n): StockRequest => ({
      orderId: order(n),
      lines: rows.map(([p, units]) => line(p, units)),
    })),
  ),
})

t.test('nothing is ever below zero, made or lost', async (t) => {
  const property = fc.property(cases, ({ available, requests }) => {
    const { left, decisions } = allocate(available, requests)
    const used = new Map(available)
    for (const decision of decisions) {
      if (decision.outcome !== 'held') continue
      for (const { productId, quantity } of decision.lines)
        used.set(productId, (used.get(productId) ?? 0) - quantity)
    }
    t.strictSame(left, used)
    t.ok([...left.values()].every((units) => units >= 0))
  })
  fc.assert(property, { numRuns: 300 })
})

t.test('each order is held whole if, and only if, the orders before it left enough', async (t) => {
  const property = fc.property(cases, ({ available, requests }) => {
    const { decisions } = allocate(available, requests)
    const left = new Map(available)
    t.equal(decisions.length, requests.length)
    requests.forEach(({ orderId, lines }, index) => {
      const decision = decisions[index]!
      const isKnown = lines.every(({ productId }) => left.has(productId))
      const isEnough = lines.every(({ productId, quantity }) => (left.get(productId) ?? 0) >= quantity)
      t.equal(decision.orderId, orderId)
      t.equal(decision.outcome, isKnown ? (isEnough ? 'held' : 'rejected') : 'unknown-product')
      if (decision.outcome !== 'held') return
      t.equal(decision.lines, lines)
      for (const { productId, quantity } of lines) left.set(productId, (left.get(productId) ?? 0) - quantity)
    })
  })
  fc.assert(property, { numRuns: 300 })
})

const requestOf = (n: number, ...products: readonly number[]): StockRequest => ({
  orderId: order(n),
  lines: products.map((each) => line(each, 1)),
})

t.test(
  'an order that needs a locked product is put off, and so is whoever comes later for what it wants',
  async (t) => {
    const requests = [
      requestOf(1, 2, 3), // before the one that waits for 3
      requestOf(2, 1, 3),
      requestOf(3, 3, 4),
      requestOf(4, 4), // waits for 3, which waits for 2
      requestOf(5, 2, 5),
    ]
    t.strictSame(putOff(requests, new Set([product(1)])), new Set([order(2), order(3), order(4)]))
    t.strictSame(putOff(requests, new Set()), new Set())
    t.strictSame(putOff(requests, new Set([product(9)])), new Set())
  },
)
