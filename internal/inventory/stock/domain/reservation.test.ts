import t from 'tap'
import { line, newOrderId, newProductId } from '../../testing/fixtures.ts'
import {
  bookReturn,
  holdAgain,
  openReservation,
  release,
  standingOf,
  type HoldSize,
  type Reservation,
} from './reservation.ts'

const orderId = newOrderId()
const lines = [line({ id: newProductId() }, 2)]
const shortages = [{ productId: newProductId(), requested: 2, available: 1 }]
const fresh = { orderId, holdNo: 1, lines: [], short: [], shortages: [], version: 1 }
const held: Reservation = { ...fresh, status: 'held', lines }
const rejected: Reservation = { ...fresh, status: 'rejected', shortages }
const released: Reservation = { ...fresh, status: 'released', version: 2 }
const ended: HoldSize = { orderId, holdNo: 1, kept: [], short: [], goesOn: false }

t.test('a decision opens a reservation and tells of it', async (t) => {
  t.strictSame(openReservation({ orderId, outcome: 'held', lines }), {
    state: held,
    events: [{ type: 'StockReserved', reservation: held }],
  })
  t.strictSame(openReservation({ orderId, outcome: 'rejected', shortages }), {
    state: rejected,
    events: [{ type: 'StockRejected', reservation: rejected }],
  })
})

t.test('nothing is kept of an order with an unknown product', async (t) => {
  t.equal(openReservation({ orderId, outcome: 'unknown-product' }), undefined)
})

t.test('a release gives back what is held', async (t) => {
  t.strictSame(release(ended, held), {
    state: released,
    events: [{ type: 'StockReleased', reservation: released, lines, short: [] }],
  })
})

t.test('a release before the reservation leaves a tombstone', async (t) => {
  const state: Reservation = { ...released, version: 1 }
  t.strictSame(release(ended, undefined), {
    state,
    events: [{ type: 'StockReleased', reservation: state, lines: [], short: [] }],
  })
})

t.test('a rejected or released reservation stays as it is', async (t) => {
  for (const current of [rejected, released])
    t.strictSame(release(ended, current), { state: current, events: [] }, current.status)
})

const some = (quantity: number) => lines.map(({ productId }) => ({ productId, quantity }))

t.test('what was packed stays taken when the order ends', async (t) => {
  const { state, events } = release({ ...ended, kept: some(1) }, held)
  t.match(state, { status: 'released', lines: some(1), version: 2 })
  t.match(events, [{ lines: some(1) }])
  t.strictSame(release({ ...ended, kept: some(1) }, state).events, [], 'a repetition gives nothing back')
  t.strictSame(release({ ...ended, kept: some(2) }, state).events, [], 'and neither does a late one')
  const unpacked = release(ended, state)
  t.match(unpacked.state, { status: 'released', lines: [], version: 3 })
  t.match(unpacked.events, [{ type: 'StockReleased', lines: some(1) }], 'a shipment that was canceled')
})

t.test('what was not on the shelf comes back and is written off, and the order goes on', async (t) => {
  const size = { ...ended, kept: some(1), short: some(1), goesOn: true }
  const { state, events } = release(size, held)
  t.match(state, { status: 'held', lines: some(1), short: some(1), version: 2 })
  t.match(events, [{ lines: some(1), short: some(1) }])
  t.strictSame(release(size, state).events, [], 'once')
  t.match(release({ ...ended, short: some(1) }, state).events, [{ lines: some(1), short: [] }])
})

t.test('a release of an earlier hold gives nothing of a later one back', async (t) => {
  const second: Reservation = { ...held, holdNo: 2, version: 3 }
  t.strictSame(release(ended, second), { state: second, events: [] })
  t.match(release({ ...ended, holdNo: 2 }, second).state, { status: 'released', holdNo: 2, version: 4 })
})

t.test(
  'a later hold begins when nothing is taken any more, and the earlier ones are over with it',
  async (t) => {
    t.equal(standingOf(1, held), 'held', 'a repetition')
    t.equal(standingOf(2, held), 'busy')
    t.equal(standingOf(2, { ...released, lines: some(1) }), 'busy', 'some of it is packed')
    t.equal(standingOf(2, released), 'open')
    t.equal(standingOf(2, rejected), 'open')
    t.equal(standingOf(1, { ...held, holdNo: 2 }), 'released')
    const second: Reservation = { ...held, holdNo: 2, version: 3 }
    t.strictSame(holdAgain(released, 2, { orderId, outcome: 'held', lines }), {
      state: second,
      events: [{ type: 'StockReserved', reservation: second }],
    })
    const no = holdAgain(released, 2, { orderId, outcome: 'rejected', shortages })
    t.match(no, { state: { status: 'rejected', shortages, lines: [], version: 3 } })
    t.match(no?.events, [{ type: 'StockRejected' }])
    t.equal(holdAgain(released, 2, { orderId, outcome: 'unknown-product' }), undefined)
  },
)

t.test('a release before its later hold leaves a tombstone, but not for an order that goes on', async (t) => {
  const size = { ...ended, holdNo: 2 }
  const { state, events } = release(size, released)
  t.match(state, { status: 'released', holdNo: 2, version: 3 })
  t.match(events, [{ type: 'StockReleased', lines: [] }])
  t.strictSame(release(size, state).events, [], 'once')
  t.match(release(size, rejected).state, { status: 'released', holdNo: 2 })
  t.match(release({ ...size, goesOn: true }, released), { state: released, events: [] })
  t.match(release(size, held), { state: held, events: [] }, 'what the first one takes is its own')
})

t.test('a return changes nothing of the hold', async (t) => {
  const goods = some(1).map(({ productId }) => ({ productId, resellable: 1, damaged: 0 }))
  const { state, events } = bookReturn(1, goods, held)
  t.strictSame(state, { ...held, version: 2 })
  t.match(events, [{ type: 'StockReturned', returnNo: 1, lines: goods }])
})
