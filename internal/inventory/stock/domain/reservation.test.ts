import t from 'tap'
import { line, newOrderId, newProductId } from '../../testing/fixtures.ts'
import { bookReturn, openReservation, release, type HoldSize, type Reservation } from './reservation.ts'

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

t.test('a return changes nothing of the hold', async (t) => {
  const goods = some(1).map(({ productId }) => ({ productId, resellable: 1, damaged: 0 }))
  const { state, events } = bookReturn(1, goods, held)
  t.strictSame(state, { ...held, version: 2 })
  t.match(events, [{ type: 'StockReturned', returnNo: 1, lines: goods }])
})
