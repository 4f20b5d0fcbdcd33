import t from 'tap'
import { confirmedFile, now, placed } from '../testing/fixtures.ts'
import { linesPaidByHand, owedLines } from './payable.ts'

t.test('the lines are told as they were ordered, with what was not found', (t) => {
  const { order } = confirmedFile()
  const [first, ...rest] = order.lines
  const sum = (lines: ReturnType<typeof owedLines>) => lines.reduce((all, each) => all + each.totalMinor, 0n)
  t.equal(sum(owedLines(order)), order.totalMinor)
  const short = owedLines({ ...order, lines: [{ ...first!, canceled: 1 }, ...rest] })
  t.equal(sum(short), order.totalMinor, 'the payments know what a unit is worth')
  t.match(short, [
    { lineId: first!.id, quantity: 1, short: 1, returned: 0 },
    { quantity: 2, short: 0 },
  ])
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

t.test(
  'nobody pays for an order that is paid, also when an admin of an earlier version has called it so',
  (t) => {
    const { order } = confirmedFile()
    const code = 'payment.nothing-due'
    for (const paymentStatus of ['paid', 'overpaid'] as const)
      t.throws(() => owedLines({ ...order, paymentStatus }), { kind: 'conflict', code })
    t.throws(() => linesPaidByHand({ ...order, paymentStatus: 'paid', gateVersion: -1 }), { code })
    t.end()
  },
)

t.test('money by hand is asked about also when the order is paid: it may be the same money again', (t) => {
  const { order } = confirmedFile()
  const paid = { ...order, paymentStatus: 'paid', gateVersion: 2 } as const
  t.same(linesPaidByHand(paid), owedLines(order))
  t.throws(() => linesPaidByHand({ ...paid, status: 'canceled' }), { code: 'order.canceled' })
  const closing = { to: 'expired', reason: '', refund: 'none', since: now } as const
  t.throws(() => linesPaidByHand({ ...order, closing }), { code: 'order.closing' })
  t.end()
})
