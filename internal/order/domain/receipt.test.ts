import t from 'tap'
import { confirmedFile, now, pendingOrder } from '../testing/fixtures.ts'
import { applyMoney, type Money } from './money.ts'
import { orderStatuses } from './order.ts'
import { isReceiptDue, supplyOf } from './receipt.ts'

const money = (changes: Partial<Money> = {}): Money => ({
  ...{ gateVersion: 1, dueMinor: 648n, authorizedMinor: 0n, capturedMinor: 648n, refundedMinor: 0n },
  ...{ attempt: 'none', flags: [], ...changes },
})

t.test('a receipt is due once the money was taken and as long as the order is alive', async (t) => {
  const due = orderStatuses.filter((status) => isReceiptDue({ ...pendingOrder(), status, moneyTaken: true }))
  t.strictSame(due, ['paid', 'shipped', 'completed'])
  t.notOk(isReceiptDue({ ...pendingOrder(), status: 'paid' }), 'the money is authorized only')
  t.ok(isReceiptDue({ ...pendingOrder(), status: 'paid', totalMinor: 0n }), 'nothing is to be taken')
})

t.test('money is taken when it was captured, which no refund changes', async (t) => {
  const taken = (changes: Partial<Money>) => applyMoney(confirmedFile(), money(changes), now)?.state.order
  t.match(taken({}), { status: 'paid', moneyTaken: true })
  t.match(taken({ capturedMinor: 0n, authorizedMinor: 648n }), { status: 'paid', moneyTaken: false })
  t.match(taken({ capturedMinor: 647n }), { status: 'confirmed', moneyTaken: false })
  t.match(taken({ refundedMinor: 648n }), { paymentStatus: 'refunded', moneyTaken: true })
})

t.test('an order that was shipped before it was paid for gets a receipt as well', async (t) => {
  const shipped = confirmedFile({ status: 'shipped', fulfilmentStatus: 'shipped' })
  t.notOk(isReceiptDue(shipped.order))
  const order = applyMoney(shipped, money(), now)!.state.order
  t.equal(order.status, 'shipped')
  t.ok(isReceiptDue(order))
})

t.test('what was sold is what was ordered, without units that were canceled', async (t) => {
  const { order } = confirmedFile()
  t.match(supplyOf(order), { totalMinor: order.totalMinor, lines: { length: 2 }, orderId: order.id })
  const [first, second] = order.lines
  const lines = [
    { ...first!, canceled: first!.quantity },
    { ...second!, canceled: 1 },
  ]
  t.match(supplyOf({ ...order, lines }), {
    totalMinor: 199n,
    lines: [{ id: second!.id, quantity: 1, unitPriceMinor: 199n }],
  })
})
