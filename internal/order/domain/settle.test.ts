import t from 'tap'
import { now, pendingOrder, stateOf } from '../testing/fixtures.ts'
import { advance, cancel, confirm, orderStatuses, reject, type Order, type OrderStatus } from './order.ts'
import { settle } from './settle.ts'

const pending = pendingOrder()
const confirmed = confirm(pending, now).state
const paid = stateOf(advance(confirmed, 'paid', '', now))
const shipped = stateOf(advance(paid, 'shipped', '', now))
const inStatus: Readonly<Record<OrderStatus, Order>> = {
  pending,
  confirmed,
  rejected: reject(pending, 'none left', now).state,
  paid,
  shipped,
  completed: stateOf(advance(shipped, 'completed', '', now)),
  canceled: stateOf(cancel(pending, '', now)),
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
