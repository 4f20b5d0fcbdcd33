import t from 'tap'
import { cancel } from '../domain/order.ts'
import { now, pendingOrder, trace } from '../testing/fixtures.ts'
import { settle } from '../domain/settle.ts'
import { encodeOrderEvent, orderJson } from './order-json.ts'

t.test('an event leaves out the reason that a person gave, and the answer has it', (t) => {
  const words = 'I moved to 12 Elm Street, call me at 555 0100'
  const canceled = cancel(pendingOrder(), words, now)!
  t.notMatch(JSON.stringify(encodeOrderEvent(canceled.events[0]!, trace).data), /Elm Street/)
  t.match(encodeOrderEvent(canceled.events[0]!, trace).data, { order: { status: 'canceled' } })
  t.equal(orderJson(canceled.state).history.at(-1)?.reason, words)
  t.end()
})

t.test('an event says why an order was rejected, which nobody has written', (t) => {
  const order = pendingOrder()
  const rejected = settle(order, { orderId: order.id, outcome: 'released' }, now)!
  t.match(encodeOrderEvent(rejected.events[0]!, trace).data, {
    order: { history: [{}, { status: 'rejected', reason: 'the stock was released' }] },
  })
  t.end()
})
