import t from 'tap'
import { pendingOrder } from '../testing/fixtures.ts'
import { rememberOrders } from './remembered-orders.ts'

t.test('gives each order once, and forgets the oldest first', (t) => {
  const remembered = rememberOrders(2)
  const [first, second, third] = [pendingOrder(), pendingOrder(), pendingOrder()]
  for (const order of [first, second, third]) remembered.remember(order)
  t.equal(remembered.take(first.id), undefined)
  t.equal(remembered.take(third.id), third)
  t.equal(remembered.take(third.id), undefined)
  t.equal(remembered.take(second.id), second)
  t.end()
})
