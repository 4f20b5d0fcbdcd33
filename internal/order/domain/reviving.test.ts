import t from 'tap'
import { confirmedFile, fileAfter, now, parcel, units } from '../testing/fixtures.ts'
import { beginClosing, endClosing } from './closing.ts'
import type { OrderFile } from './order-file.ts'
import { expire, pay, type Order, type PaymentStatus } from './order.ts'
import {
  beginRevival,
  completeRevival,
  endRevival,
  giveUpRevival,
  owedAgain,
  wantedLines,
} from './reviving.ts'
import { address, purchase } from '../testing/purchases.ts'
import { moveShipment, pack } from './shipment.ts'
import { linesPaidByHand } from './payable.ts'

const hourMs = 3_600_000
const later = (ms: number): Date => new Date(now.getTime() + ms)

/** It has expired, its stock is back, and its money came. */
function late(changes: Partial<Order> = {}, file = confirmedFile()): OrderFile {
  const { state } = expire(file.order, now)
  return { ...file, order: { ...state, awaitingRelease: false, paymentStatus: 'paid', ...changes } }
}
const begun = (file = late()): OrderFile => fileAfter(file, (before) => beginRevival(before, now))

t.test('late money revives an order that expired less than a day ago, under the next hold', (t) => {
  const { state, events } = beginRevival(late(), later(24 * hourMs - 1))!
  t.match(state.order, { status: 'expired', holdNo: 2, version: 3, reviving: { isOff: false } })
  t.equal(events.length, 0)
  t.equal(beginRevival(state, now), undefined, 'once')
  t.equal(beginRevival(late(), later(24 * hourMs)), undefined)
  t.end()
})

t.test('only money that covers the order does', (t) => {
  const covers: readonly PaymentStatus[] = ['authorized', 'paid', 'overpaid']
  const statuses = ['unpaid', 'pending', 'partially_paid', 'refunded', 'failed', ...covers] as const
  for (const paymentStatus of statuses)
    t.equal(beginRevival(late({ paymentStatus }), now) !== undefined, covers.includes(paymentStatus))
  t.end()
})

t.test('canceled and rejected orders are never revived, and neither are live ones', (t) => {
  for (const status of ['canceled', 'rejected', 'confirmed', 'paid', 'shipped'] as const)
    t.equal(beginRevival(late({ status }), now), undefined, status)
  t.end()
})

t.test('it waits for the release of the first hold, whose number it raises', (t) => {
  t.equal(beginRevival(late({ awaitingRelease: true }), now), undefined)
  t.equal(beginRevival(late({ awaitingCart: true }), now), undefined, 'and of its promotions')
  t.end()
})

t.test('an order whose buyer was erased is not revived: nobody knows where to send it', (t) => {
  const { buyer } = purchase()
  t.ok(beginRevival(late({ buyer }), now))
  const nobody = { ...address, name: '', line1: '', line2: '', city: '', postalCode: '' }
  t.equal(beginRevival(late({ buyer: { email: '', delivery: nobody, billing: undefined } }), now), undefined)
  t.end()
})

t.test('what was packed is the customer’s: the order stays expired', (t) => {
  const file = confirmedFile()
  const wanted = parcel(units(file, 0, 1))
  const packed = fileAfter(file, (before) => pack(before, wanted, now))
  t.equal(beginRevival(late({}, packed), now), undefined)
  const unpacked = fileAfter(late({}, packed), (before) => moveShipment(before, wanted.id, 'canceled', now))
  t.equal(beginRevival(unpacked, now), undefined, 'its units are on their way back')
  const back = { ...unpacked, order: { ...unpacked.order, awaitingRelease: false } }
  t.ok(beginRevival(back, now))
  t.end()
})

t.test('it needs again what was not found short', (t) => {
  const [first, second] = confirmedFile().order.lines
  const { order } = late({ lines: [first!, { ...second!, canceled: 1 }] })
  t.strictSame(wantedLines(order), [
    { productId: first!.productId, quantity: 1 },
    { productId: second!.productId, quantity: 1 },
  ])
  t.equal(owedAgain(order), 648n, 'the payments know of what was short')
  const nothing = late({ lines: [{ ...first!, canceled: 1 }] })
  t.equal(beginRevival(nothing, now), undefined)
  t.end()
})

t.test('a revived order is paid, with an event of its own', (t) => {
  const { state, events } = completeRevival(begun(), 2, later(5))!
  t.match(state.order, { status: 'paid', version: 4, holdNo: 2, reviving: undefined, updatedAt: later(5) })
  t.match(events, [{ of: 'order', event: { type: 'revived', order: { status: 'paid' } } }])
  t.equal(completeRevival(state, 2, now), undefined, 'once')
  t.equal(giveUpRevival(state, 2), undefined, 'and nobody gives it up any more')
  t.end()
})

t.test('of those who complete it and those who give it up, the first one wins', (t) => {
  const off = fileAfter(begun(), (before) => giveUpRevival(before, 2))
  t.match(off.order, { status: 'expired', reviving: { isOff: true }, version: 3 })
  t.equal(completeRevival(off, 2, now), undefined)
  t.equal(giveUpRevival(off, 2), undefined, 'once')
  t.equal(endRevival(begun(), 2), undefined, 'nothing has gone back yet')
  t.equal(endRevival(off, 1), undefined)
  const over = fileAfter(off, (before) => endRevival(before, 2))
  t.match(over.order, { status: 'expired', reviving: undefined, holdNo: 2, version: 3 })
  t.equal(beginRevival(over, now), undefined, 'it is not tried again')
  t.end()
})

t.test('an order that expires again may be revived again', (t) => {
  const revived = fileAfter(begun(), (before) => completeRevival(before, 2, now))
  const lapsed = { ...revived.order, status: 'confirmed', holdUntil: now } as const
  const closing = { to: 'expired', reason: '', refund: 'none', since: now } as const
  const again = fileAfter(
    { ...revived, order: lapsed },
    (before) => beginClosing(before, closing),
    (before) => endClosing(before, closing, 'uncovered', now),
  )
  t.match(
    begun({ ...again, order: { ...again.order, awaitingRelease: false, paymentStatus: 'paid' } }).order,
    {
      holdNo: 3,
    },
  )
  t.end()
})

t.test('nobody makes an expired order paid by hand', (t) => {
  const refused = { kind: 'conflict', code: 'order.expired' }
  for (const { order } of [late(), begun()]) {
    t.throws(() => linesPaidByHand(order), refused)
    t.throws(() => pay(order, now), refused)
  }
  t.end()
})
