import { readFileSync } from 'node:fs'
import t from 'tap'
import { now, pendingOrder, stateOf } from '../testing/fixtures.ts'
import { advance, cancel, confirm, orderStatuses, orderTransitions, reject, ship } from './order.ts'

t.test('a status follows another by the table, tells one event and keeps its history', (t) => {
  const order = pendingOrder()
  const { state, events } = confirm(order, now)
  t.match(state, { status: 'confirmed', version: 2, updatedAt: now })
  t.same(state.history, [...order.history, { status: 'confirmed', at: now, reason: '' }])
  t.same(events, [{ type: 'confirmed', order: state }])
  t.match(reject(order, 'none left', now).state.history.at(-1), { status: 'rejected', reason: 'none left' })
  t.end()
})

t.test('nothing follows a cancellation', (t) => {
  const canceled = stateOf(cancel(pendingOrder(), 'changed my mind', now))
  t.equal(canceled.awaitingRelease, true)
  t.throws(() => confirm(canceled, now), { kind: 'conflict', code: 'order.canceled' })
  t.equal(cancel(canceled, 'again', now), undefined)
  t.end()
})

t.test('an order is paid and completed by hand, and not out of turn', (t) => {
  let order = confirm(pendingOrder(), now).state
  for (const status of ['paid', 'shipped', 'completed'] as const) {
    order = status === 'shipped' ? ship(order, '', now).state : stateOf(advance(order, status, '', now))
    t.equal(order.status, status)
    t.equal(advance(order, status, '', now), undefined, 'twice is once')
  }
  t.throws(() => cancel(order, '', now), { code: 'order.completed' })
  t.throws(() => advance(pendingOrder(), 'paid', '', now), { code: 'order.pending' })
  t.throws(() => advance(pendingOrder(), 'confirmed', '', now), { code: 'order.status-not-settable' })
  t.end()
})

t.test("the state diagram in the documentation is the table's", (t) => {
  const diagram = readFileSync('docs/order-states.md', 'utf8')
  const drawn = [...diagram.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} ${to}`)
  const table = orderStatuses.flatMap((from) => orderTransitions[from].map((to) => `${from} ${to}`))
  t.same(drawn.sort(), table.sort())
  t.end()
})
