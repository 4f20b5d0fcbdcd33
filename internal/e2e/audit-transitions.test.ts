import t from 'tap'
import { lawfulTransitions } from '../audit/domain/judge-orders.ts'
import { orderTransitions } from '../order/domain/order.ts'

t.test('the audit and the order service know the same transitions', (t) => {
  t.strictSame(lawfulTransitions, orderTransitions)
  t.end()
})
