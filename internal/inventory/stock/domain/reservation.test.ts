import t from 'tap'
import { line, newOrderId, newProductId } from '../../testing/fixtures.ts'
import { openReservation, release, type Reservation } from './reservation.ts'

const orderId = newOrderId()
const lines = [line({ id: newProductId() }, 2)]
const shortages = [{ productId: newProductId(), requested: 2, available: 1 }]
const held: Reservation = { orderId, status: 'held', lines, shortages: [], version: 1 }
const rejected: Reservation = { orderId, status: 'rejected', lines: [], shortages, version: 1 }
const released: Reservation = { orderId, status: 'released', lines: [], shortages: [], version: 2 }

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
  t.strictSame(release(orderId, held), {
    state: released,
    events: [{ type: 'StockReleased', reservation: released, lines }],
  })
})

t.test('a release before the reservation leaves a tombstone', async (t) => {
  const state: Reservation = { ...released, version: 1 }
  t.strictSame(release(orderId, undefined), {
    state,
    events: [{ type: 'StockReleased', reservation: state, lines: [] }],
  })
})

t.test('a rejected or released reservation stays as it is', async (t) => {
  for (const current of [rejected, released])
    t.strictSame(release(orderId, current), { state: current, events: [] }, current.status)
})
