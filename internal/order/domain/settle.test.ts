import t from 'tap'
import { newProductId, now, pendingOrder, stateOf } from '../testing/fixtures.ts'
import {
  advance,
  cancel,
  confirm,
  expire,
  orderStatuses,
  pay,
  reject,
  ship,
  type Order,
  type OrderStatus,
} from './order.ts'
import { settle, type StockDecision } from './settle.ts'

const pending = pendingOrder()
const confirmed = confirm(pending, now).state
const paid = pay(confirmed, now).state
const shipped = ship(paid, '', now).state
const inStatus: Readonly<Record<OrderStatus, Order>> = {
  pending,
  confirmed,
  rejected: reject(pending, 'none left', now).state,
  paid,
  shipped,
  completed: stateOf(advance(shipped, 'completed', '', now)),
  canceled: stateOf(cancel(pending, '', now)),
  expired: expire(confirmed, now).state,
}

const orderId = pending.id
const held: StockDecision = { orderId, outcome: 'held' }
const short = { productId: newProductId(), requested: 3, available: 1 }
const rejected = (count: number): StockDecision => ({
  orderId,
  outcome: 'rejected',
  shortages: Array<typeof short>(count).fill(short),
})
const reasonFor = (decision: StockDecision) => settle(pending, decision, now)?.state.history.at(-1)

t.test('a pending order is confirmed or rejected, and told why', (t) => {
  t.equal(settle(pending, held, now)?.state.status, 'confirmed')
  const text = `${short.productId} (3 wanted, 1 there)`
  t.match(reasonFor(rejected(1)), { status: 'rejected', reason: `out of stock: ${text}` })
  t.match(reasonFor(rejected(5)), { reason: `out of stock: ${text}, ${text}, ${text} and 2 more` })
  t.match(reasonFor({ orderId, outcome: 'released' }), {
    status: 'rejected',
    reason: 'the stock was released',
  })
  for (const outcome of ['unknown-product', 'busy'] as const)
    t.equal(settle(pending, { orderId, outcome }, now), undefined, 'nothing is decided')
  t.end()
})

t.test('a decision that comes again or too late changes nothing', (t) => {
  for (const status of orderStatuses.filter((each) => each !== 'pending')) {
    t.equal(settle(inStatus[status], held, now), undefined, status)
    t.equal(settle(inStatus[status], rejected(1), now), undefined, status)
  }
  t.end()
})
