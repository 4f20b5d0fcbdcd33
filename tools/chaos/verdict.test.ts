import t from 'tap'
import type { EndOrder, EndState } from './end-state.ts'
import type { Entry, Operation, Told, ToldOrder } from './history.ts'
import { emptyEnd } from './testing/world.ts'
import { judge as judgeAll } from './verdict.ts'

const items = [{ productId: 'mug', quantity: 2 }]
const placing: Operation = { name: 'place', user: 'ann', items }
const told = (id: string, status = 'pending'): ToldOrder => ({ id, status, items, total: 25 })

const asked = (key: string, operation: Operation, attempt = 1): Entry => ({
  t: 'asked',
  key,
  attempt,
  at: 1,
  operation,
})
const answer = (key: string, status: number, more: Partial<Told> = {}): Entry => ({
  t: 'told',
  key,
  attempt: 1,
  at: 2,
  status,
  code: '',
  ...more,
})
const shelf: Entry = { t: 'product', id: 'mug', stock: 10 }

const stored = (more: Partial<EndOrder> = {}): EndOrder => ({
  id: 'o1',
  key: 'k1',
  user: 'ann',
  status: 'confirmed',
  paymentStatus: 'unpaid',
  total: 25,
  items,
  shortUnits: 0,
  history: ['pending', 'confirmed'],
  ...more,
})
const end = (orders: readonly EndOrder[], left: number, more: Partial<EndState> = {}): EndState => ({
  ...emptyEnd,
  orders,
  available: new Map([['mug', left]]),
  ...more,
})
/** Nobody pays here. */
const judge = (entries: readonly Entry[], state: EndState) => judgeAll(entries, state, [])

const placed = [shelf, asked('k1', placing), answer('k1', 201, { order: told('o1') })]
const violated = (entries: readonly Entry[], state: EndState): readonly string[] =>
  judge(entries, state).rules.flatMap(({ name, violations }) => (violations > 0 ? [name] : []))

t.test('what was answered and is there is in order', async (t) => {
  const verdict = judge(placed, end([stored()], 8))
  t.same(verdict.operations.place, { ok: 1 })
  t.match(verdict, { lost: 0, doubled: 0, oversold: 0 })
  t.same(violated(placed, end([stored()], 8)), [])
})

t.test('an order that was answered and is not there is lost', async (t) => {
  t.equal(judge(placed, end([], 10)).lost, 1)
  t.ok(violated(placed, end([], 10)).includes('an order that was answered is there, as it was answered'))
})

t.test('an order with other items, another total or another owner is lost', async (t) => {
  for (const wrong of [{ items: [{ productId: 'mug', quantity: 1 }] }, { total: 24 }, { user: 'bob' }]) {
    t.equal(judge(placed, end([stored(wrong)], 9)).lost, 1)
  }
})

t.test('two orders under one key are doubled, whoever tells of them', async (t) => {
  const inStore = end([stored(), stored({ id: 'o2' })], 6)
  t.equal(judge(placed, inStore).doubled, 1)
  const inAnswers = [...placed, asked('k1', placing, 2), answer('k1', 201, { order: told('o2') })]
  t.equal(judge(inAnswers, end([stored()], 8)).doubled, 1)
  t.ok(violated(placed, inStore).includes('one key is one order'))
})

t.test('units sold beyond the stock are counted', async (t) => {
  const many = [{ productId: 'mug', quantity: 12 }]
  const verdict = judge([shelf], end([stored({ items: many })], 0))
  t.equal(verdict.oversold, 2)
  const restocked = { adjustments: [{ product: 'mug', key: 'a1', quantity: 5 }] }
  t.equal(judge([shelf], end([stored({ items: many })], 3, restocked)).oversold, 0)
})

t.test('units that are neither sold nor left are missed', async (t) => {
  t.ok(violated(placed, end([stored()], 7)).includes('what is left and what is sold is what there was'))
})

t.test('no answer is unknown, until the end tells', async (t) => {
  const silence = [shelf, asked('k1', placing), answer('k1', 0, { code: 'UND_ERR_SOCKET' })]
  t.same(judge(silence, end([stored()], 8)).operations.place, { 'unknown-recovered': 1 })
  t.same(judge(silence, end([], 10)).operations.place, { 'unknown-absent': 1 })
  const pending = [shelf, asked('k1', placing)]
  t.same(judge(pending, end([], 10)).operations.place, { 'unknown-absent': 1 })
})

t.test('what was refused must not be there, unless an attempt before it stayed unanswered', async (t) => {
  const refusal = [shelf, asked('k1', placing), answer('k1', 409, { code: 'order.out-of-stock' })]
  t.same(judge(refusal, end([], 10)).operations.place, { refused: 1 })
  t.same(judge(refusal, end([stored()], 8)).operations.place, { unexpected: 1 })
  t.ok(violated(refusal, end([stored()], 8)).includes('an order that was refused is not there'))
  const doubtful = [asked('k1', placing), answer('k1', 503), ...refusal]
  t.same(judge(doubtful, end([stored()], 8)).operations.place, { 'unknown-recovered': 1 })
})

t.test('a connection that was refused has carried nothing', async (t) => {
  const entries = [shelf, asked('k1', placing), answer('k1', 0, { code: 'ECONNREFUSED' }), answer('k1', 409)]
  t.same(judge(entries.toSpliced(3, 0, asked('k1', placing, 2)), end([], 10)).operations.place, {
    refused: 1,
  })
})

t.test('an order that nobody asked for is found', async (t) => {
  t.ok(violated([shelf], end([stored()], 8)).includes('nothing is there that nobody ordered'))
})

t.test(
  'a status that was seen stays in the history, and is not seen again after it has passed',
  async (t) => {
    const look: Operation = { name: 'look', order: 'o1' }
    const sights = (...statuses: readonly string[]): readonly Entry[] => [
      ...placed,
      ...statuses.flatMap((status, index) => [
        asked(`l${index}`, look),
        answer(`l${index}`, 200, { at: 3 + index, order: told('o1', status) }),
      ]),
    ]
    const rule = 'what was seen of an order is in its history, in that order'
    t.same(violated(sights('pending', 'confirmed'), end([stored()], 8)), [])
    t.ok(violated(sights('confirmed', 'pending'), end([stored()], 8)).includes(rule))
    t.ok(violated(sights('paid'), end([stored()], 8)).includes(rule))
    const lapsed = stored({ history: ['pending', 'confirmed', 'paid', 'confirmed'] })
    t.notOk(violated(sights('confirmed', 'paid', 'confirmed'), end([lapsed], 8)).includes(rule))
    t.ok(violated(sights('paid', 'confirmed', 'paid'), end([lapsed], 8)).includes(rule))
  },
)

t.test('a cancellation that was answered holds', async (t) => {
  const canceling = [
    ...placed,
    asked('c1', { name: 'cancel', order: 'o1' }),
    answer('c1', 200, { at: 3, order: told('o1', 'canceled') }),
  ]
  const canceled = stored({ status: 'canceled', history: ['pending', 'canceled'] })
  t.same(violated(canceling, end([canceled], 10)), [])
  t.same(judge(canceling, end([canceled], 10)).operations.cancel, { ok: 1 })
  t.equal(judge(canceling, end([stored()], 8)).lost, 1)
})

t.test('an adjustment is booked once, whole, and only if it was not refused', async (t) => {
  const adjusting = (status: number): readonly Entry[] => [
    shelf,
    asked('a1', { name: 'adjust', product: 'mug', quantity: 5 }),
    answer('a1', status),
  ]
  const booked = (...quantities: readonly number[]): EndState =>
    end([], 10, { adjustments: quantities.map((quantity) => ({ product: 'mug', key: 'a1', quantity })) })
  t.same(judge(adjusting(200), booked(5)).operations.adjust, { ok: 1 })
  t.same(judge(adjusting(200), booked()).operations.adjust, { lost: 1 })
  t.same(judge(adjusting(200), booked(5, 5)).operations.adjust, { doubled: 1 })
  t.same(judge(adjusting(409), booked(5)).operations.adjust, { unexpected: 1 })
  t.same(judge(adjusting(503), booked(5)).operations.adjust, { 'unknown-recovered': 1 })
})
