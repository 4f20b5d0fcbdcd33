import t from 'tap'
import type { ProductId } from './fact.ts'
import { orderFacts, type ToldOrder } from './order-facts.ts'

const [mug, lamp] = ['mug', 'lamp'] as unknown as readonly [ProductId, ProductId]
const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 30, hour))

const order = (order: Partial<ToldOrder> = {}): ToldOrder => ({
  ...{ id: 'order', totalMinor: 3_500n, currency: 'EUR', isPaidFirst: false },
  lines: [
    { productId: mug, quantity: 2, unitPriceMinor: 500n },
    { productId: lamp, quantity: 1, unitPriceMinor: 1_500n },
    { productId: mug, quantity: 1, unitPriceMinor: 600n },
  ],
  history: [
    { status: 'pending', at: at(1) },
    { status: 'confirmed', at: at(2) },
  ],
  ...order,
})

const paid = [...order().history, { status: 'paid', at: at(5) }]

t.test('an order is bought when its stock is held, as a whole and of each product once', (t) => {
  const base = { kind: 'ordered', subjectId: 'order', at: at(2), count: 1, currency: 'EUR' }
  t.same(orderFacts(order()), [
    { ...base, productId: undefined, units: 4, amountMinor: 3_500n },
    { ...base, productId: mug, units: 3, amountMinor: 1_600n },
    { ...base, productId: lamp, units: 1, amountMinor: 1_500n },
  ])
  t.end()
})

t.test('an order that has to be paid first is bought when it is paid', (t) => {
  t.same(orderFacts(order({ isPaidFirst: true })), [])
  const facts = orderFacts(order({ isPaidFirst: true, history: paid }))
  t.same(
    facts.filter(({ productId }) => !productId).map(({ kind, at }) => [kind, at]),
    [
      ['ordered', at(5)],
      ['paid', at(5)],
    ],
  )
  t.end()
})

t.test('whichever event tells it, each fact is the same', (t) => {
  const [early, late] = [orderFacts(order()), orderFacts(order({ history: paid }))]
  t.same(late.slice(0, early.length), early)
  t.end()
})

t.test('an order that lost its money and was paid again has the facts of the first time', (t) => {
  const again = [...paid, { status: 'confirmed', at: at(6) }, { status: 'paid', at: at(7) }]
  t.same(orderFacts(order({ history: again })), orderFacts(order({ history: paid })))
  t.end()
})

t.test('an order that came to nothing is no fact', (t) => {
  t.same(orderFacts(order({ history: [{ status: 'rejected', at: at(2) }] })), [])
  t.end()
})
