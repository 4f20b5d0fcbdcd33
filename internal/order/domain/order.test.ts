import { readFileSync } from 'node:fs'
import t from 'tap'
import { now, pendingOrder, stateOf } from '../testing/fixtures.ts'
import { advance, cancel, confirm, orderStatuses, orderTransitions, pay, reject, ship } from './order.ts'

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

t.test('an order is completed by hand, and not out of turn', (t) => {
  const shipped = ship(pay(confirm(pendingOrder(), now).state, now).state, '', now).state
  const order = stateOf(advance(shipped, 'completed', '', now))
  t.equal(order.status, 'completed')
  t.equal(advance(order, 'completed', '', now), undefined, 'twice is once')
  t.throws(() => cancel(order, '', now), { code: 'order.completed' })
  t.throws(() => advance(pendingOrder(), 'completed', '', now), { code: 'order.pending' })
  for (const status of ['paid', 'confirmed'] as const)
    t.throws(() => advance(pendingOrder(), status, '', now), { code: 'order.status-not-settable' })
  t.end()
})

t.test("the state diagram in the documentation is the table's", (t) => {
  const diagram = readFileSync('docs/order-states.md', 'utf8')
  const drawn = [...diagram.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} ${to}`)
  const table = orderStatuses.flatMap((from) => orderTransitions[from].map((to) => `${from} ${to}`))
  t.same(drawn.sort(), table.sort())
  t.end()
})
