import t from 'tap'
import { entry, wait } from './entry.ts'
import { orderPart, type OrderFacts } from './order-part.ts'
import { timelineOf, windowsAround } from './timeline.ts'

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second))
const trace = { requestId: 'r-1', traceparent: '00-1' }

const facts: OrderFacts = {
  ...{ id: 'o', status: 'confirmed', paymentStatus: 'unpaid', fulfilmentStatus: 'none', moneyTaken: false },
  history: [
    { status: 'pending', at: at(1).toISOString(), reason: '' },
    { status: 'confirmed', at: at(2).toISOString(), reason: '' },
  ],
  ...{ holdUntil: at(30), closing: null, closingSince: null, reviving: null, revivingSince: null },
  ...{ awaitsFirstPayment: false, awaitsRelease: false, awaitsCart: false, cartId: null, updatedAt: at(2) },
}
const waitsOf = (some: Partial<OrderFacts>) =>
  orderPart({ ...facts, ...some }, []).waits.map(({ what, since, until }) => [what, since, until])

t.test('an event tells its request to the row that was stored with it', async (t) => {
  const row = entry(at(2), 'order', 'order.confirmed', 'o', { detail: { status: 'confirmed', reason: '' } })
  const event = entry(at(2), 'broker', 'order.confirmed', 'o', { detail: { event: 'e' }, trace })
  const ofAnother = entry(at(2), 'broker', 'order.confirmed', 'x', { trace })
  const later = entry(at(9), 'broker', 'order.confirmed', 'o', { trace })
  const { entries } = timelineOf([
    { entries: [later, event, ofAnother], waits: [] },
    { entries: [row], waits: [] },
  ])
  t.same(
    entries.map(({ source, about, detail, trace: own }) => [source, about, detail, own?.requestId]),
    [
      ['order', 'o', { status: 'confirmed', event: 'e' }, 'r-1'],
      ['broker', 'x', {}, 'r-1'],
      ['broker', 'o', {}, 'r-1'],
    ],
  )
})

t.test('an event belongs to one row', async (t) => {
  const row = (second: number) => entry(at(second), 'payment', 'refund.requested', `refund-${second}`)
  const event = (second: number, id: string) =>
    entry(at(second), 'broker', 'refund.requested', 'o', { detail: { event: id } })
  const { entries } = timelineOf([{ entries: [row(1), row(2), event(1, 'a'), event(2, 'b')], waits: [] }])
  t.same(
    entries.map(({ about, detail }) => [about, detail]),
    [
      ['refund-1', { event: 'a' }],
      ['refund-2', { event: 'b' }],
    ],
  )
})

t.test('what has waited longest comes first', async (t) => {
  const waits = [wait('broker', at(3), 'e'), wait('payment', at(1), 'o')]
  t.same(
    timelineOf([{ entries: [], waits }]).waits.map(({ what }) => what),
    ['payment', 'broker'],
  )
})

t.test('an order says what it waits for', async (t) => {
  t.same(waitsOf({}), [['payment', at(2), at(30)]])
  t.same(waitsOf({ status: 'pending', history: facts.history.slice(0, 1) }), [
    ['stock-decision', at(1), undefined],
  ])
  t.same(waitsOf({ awaitsFirstPayment: true }), [['payment-begins', at(2), at(30)]])
  t.same(waitsOf({ closing: { to: 'expired' }, closingSince: at(31) }), [
    ['payments-before-end', at(31), undefined],
  ])
  t.same(waitsOf({ status: 'paid', moneyTaken: true }), [['shipment', at(2), undefined]])
  t.same(waitsOf({ status: 'paid', moneyTaken: true, fulfilmentStatus: 'shipped' }), [])
  t.same(waitsOf({ status: 'expired', reviving: {}, revivingSince: at(40) }), [
    ['revival', at(40), undefined],
  ])
  t.same(waitsOf({ status: 'expired', reviving: { isOff: true }, revivingSince: at(40) }), [])
  t.same(waitsOf({ status: 'canceled', awaitsRelease: true, awaitsCart: true }), [
    ['stock-release', at(2), undefined],
    ['cart-told', at(2), undefined],
  ])
})

t.test('an expired order that becomes paid was revived', async (t) => {
  const history = [
    ...facts.history,
    { status: 'expired', at: at(3).toISOString() },
    { status: 'paid', at: at(4).toISOString() },
  ]
  t.same(
    orderPart({ ...facts, history }, []).entries.map(({ what }) => what),
    ['order.created', 'order.confirmed', 'order.expired', 'order.revived'],
  )
})

t.test('moments that are close to each other share a span', async (t) => {
  const spans = windowsAround([at(9), at(1), at(2)], 1_000)
  t.same(spans, [
    { from: at(0), to: at(3) },
    { from: at(8), to: at(10) },
  ])
  t.same(windowsAround([], 1_000), [])
})
