import t from 'tap'
import { confirmedFile, now, placed } from '../testing/fixtures.ts'
import { advance } from './order.ts'
import { owedLines } from './payable.ts'

t.test('what is owed are the units that were not canceled, at the price of the order', (t) => {
  const { order } = confirmedFile()
  const [first, ...rest] = order.lines
  const lines = owedLines(order)
  t.equal(
    lines.reduce((sum, { totalMinor }) => sum + totalMinor, 0n),
    order.totalMinor,
  )
  const short = { ...order, lines: [{ ...first!, canceled: 1 }, ...rest] }
  const sum = (all: typeof lines) => all.reduce((total, { totalMinor }) => total + totalMinor, 0n)
  t.equal(sum(owedLines(short)), order.totalMinor - first!.unitPriceMinor)
  const gone = { ...order, lines: [{ ...first!, canceled: first!.quantity }, ...rest] }
  t.equal(owedLines(gone).length, lines.length - 1)
  t.end()
})

t.test('nobody pays for an order whose stock is not held', (t) => {
  const { state } = placed()
  for (const status of ['pending', 'rejected', 'canceled', 'expired'] as const)
    t.throws(() => owedLines({ ...state, status }), { kind: 'conflict', code: `order.${status}` })
  for (const status of ['confirmed', 'paid', 'shipped', 'completed'] as const)
    t.doesNotThrow(() => owedLines({ ...state, status }))
  t.end()
})

t.test('nobody pays for an order that is paid, also when an admin has called it so', (t) => {
  const { order } = confirmedFile()
  const called = advance(order, 'paid', '', now)!.state
  t.throws(() => owedLines(called), { kind: 'conflict', code: 'payment.nothing-due' })
  t.throws(() => owedLines({ ...order, paymentStatus: 'overpaid' }), { code: 'payment.nothing-due' })
  t.end()
})

t.test('while money is on its way, the payments decide and not an admin', (t) => {
  const { order } = confirmedFile()
  for (const paymentStatus of ['pending', 'partially_paid'] as const)
    t.throws(() => advance({ ...order, paymentStatus }, 'paid', '', now), {
      kind: 'conflict',
      code: 'order.payment-open',
    })
  t.match(advance({ ...order, paymentStatus: 'failed' }, 'paid', '', now)?.state, { status: 'paid' })
  t.end()
})
