import t from 'tap'
import { now, pendingOrder } from '../testing/fixtures.ts'
import { advance, cancel, confirm, orderStatuses, reject, type Order, type OrderStatus } from './order.ts'
import { settle } from './settle.ts'

const pending = pendingOrder()
const confirmed = confirm(pending, now).state
const paid = advance(confirmed, 'paid', '', now)?.state as Order
const shipped = advance(paid, 'shipped', '', now)?.state as Order
const inStatus: Readonly<Record<OrderStatus, Order>> = {
  pending,
  confirmed,
  rejected: reject(pending, 'none left', now).state,
  paid,
  shipped,
  completed: advance(shipped, 'completed', '', now)?.state as Order,
  canceled: cancel(pending, '', now)?.state as Order,
}

t.test('a pending order is confirmed or rejected', (t) => {
  t.equal(settle(pending, { held: true }, now)?.state.status, 'confirmed')
  const rejected = settle(pending, { held: false, reason: 'out of stock' }, now)?.state
  t.match(rejected?.history.at(-1), { status: 'rejected', reason: 'out of stock' })
  t.end()
})

t.test('a decision that comes again or too late changes nothing', (t) => {
  for (const status of orderStatuses.filter((each) => each !== 'pending')) {
    t.equal(settle(inStatus[status], { held: true }, now), undefined, status)
    t.equal(settle(inStatus[status], { held: false, reason: '' }, now), undefined, status)
  }
  t.end()
})
