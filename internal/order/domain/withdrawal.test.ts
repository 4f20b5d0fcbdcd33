import t from 'tap'
import { confirmedFile, fileAfter, newShipmentId, now, shippedFile } from '../testing/fixtures.ts'
import type { OrderFile } from './order-file.ts'
import { beginResend, completeResend } from './resend.ts'
import { moveShipment } from './shipment.ts'
import { refuseLateWithdrawal } from './withdrawal.ts'

const days = 14
const after = (daysLater: number): Date => new Date(now.getTime() + daysLater * 24 * 60 * 60_000)
const arrives = (file: OrderFile, index: number, at: Date): OrderFile =>
  fileAfter(file, (before) => moveShipment(before, before.shipments[index]!.id, 'delivered', at))
const isLate = (file: OrderFile, at: Date, allowed = days): boolean => {
  try {
    refuseLateWithdrawal(file, allowed, at)
    return false
  } catch {
    return true
  }
}

t.test('the days count from the arrival of the last parcel, whose day is not one of them', (t) => {
  const sent = shippedFile(shippedFile(confirmedFile(), 1), 0, 2)
  const first = arrives(sent, 0, now)
  t.notOk(isLate(first, after(100)), 'not everything is there')
  const all = arrives(first, 1, after(3))
  t.notOk(isLate(all, after(3 + 14.9)))
  t.throws(() => refuseLateWithdrawal(all, days, after(3 + 15)), {
    kind: 'conflict',
    code: 'return.withdrawal-too-late',
    details: { days },
  })
  t.end()
})

t.test('a parcel that was sent again counts when the other one arrives', (t) => {
  const sent = shippedFile(confirmedFile(), 1, 2)
  const [{ id }, as] = [sent.shipments[0]!, newShipmentId()]
  const carriage = { carrier: '', trackingNumber: '', trackingUrl: '' }
  const again = fileAfter(
    sent,
    (before) => moveShipment(before, id, 'lost', now),
    (before) => beginResend(before, id, { id: as, isFromStock: true, ...carriage }, now),
    (before) => completeResend(before, id, as, now),
  )
  t.notOk(isLate(again, after(100)))
  t.ok(isLate(arrives(again, 1, after(1)), after(16)))
  t.end()
})

t.test('an order that is completed has arrived, also when nobody has told of its parcels', (t) => {
  const sent = shippedFile(confirmedFile(), 1, 2)
  t.notOk(isLate(sent, after(100)))
  const history = [...sent.order.history, { status: 'completed' as const, at: now, reason: '' }]
  const completed = { ...sent, order: { ...sent.order, history } }
  t.notOk(isLate(completed, after(14)))
  t.ok(isLate(completed, after(15)))
  t.end()
})

t.test('where there are no days nobody withdraws', (t) => {
  t.ok(isLate(shippedFile(confirmedFile(), 1, 2), now, 0))
  t.end()
})
