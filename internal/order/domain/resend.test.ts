import fc from 'fast-check'
import t from 'tap'
import {
  confirmedFile,
  fileAfter,
  newReturnId,
  newShipmentId,
  now,
  shippedFile,
} from '../testing/fixtures.ts'
import type { OrderFile } from './order-file.ts'
import type { SaidStatus, Shipment } from './parcel.ts'
import { abandonResend, beginResend, completeResend, type WantedResend } from './resend.ts'
import { moveReturn, requestReturn } from './return.ts'
import { moveShipment } from './shipment.ts'
import { unitsIn } from './units-in-parcels.ts'

const wantedResend = (changes: Partial<WantedResend> = {}): WantedResend => ({
  ...{ id: newShipmentId(), carrier: 'Post', trackingNumber: 'T-2', trackingUrl: '', isFromStock: false },
  ...changes,
})

const last = ({ shipments }: OrderFile): Shipment => shipments.at(-1)!
const became = (file: OrderFile, to: SaidStatus): OrderFile =>
  fileAfter(file, (before) => moveShipment(before, last(before).id, to, now))
const wantedBack = ({ order }: OrderFile, quantity: number) => [
  { lineId: order.lines[1]!.id, quantity, reason: '' },
]

/** The order is shipped in one parcel, and this became of it. */
const sent = (to: SaidStatus): OrderFile => became(shippedFile(confirmedFile(), 1, 2), to)

t.test('a parcel that came back leaves again at once, and its units stay shipped', (t) => {
  const file = sent('returned')
  const wanted = wantedResend()
  const { state, events } = beginResend(file, last(file).id, wanted, now)
  t.same(state.order.lines, file.order.lines)
  t.match(state.order, { status: 'shipped', fulfilmentStatus: 'shipped' })
  t.match(state.shipments, [
    { status: 'resent', version: 4, resending: undefined },
    { id: wanted.id, status: 'shipped', version: 2, replaces: file.shipments[0]!.id, trackingNumber: 'T-2' },
  ])
  t.same(state.shipments[1]!.lines, file.shipments[0]!.lines)
  t.same(
    events.map(({ event }) => event.type),
    ['resent', 'packed', 'shipped'],
  )
  t.equal(became(state, 'delivered').order.fulfilmentStatus, 'delivered', 'what was resent is not waited for')
  t.end()
})

t.test('a lost parcel leaves again when goods of the stock were taken', (t) => {
  for (const [file, isFromStock] of [
    [sent('lost'), false],
    [sent('returned'), true],
  ] as const) {
    const [{ id }, wanted] = [last(file), wantedResend({ isFromStock })]
    const { state: begun, events } = beginResend(file, id, wanted, now)
    t.same(events, [])
    t.match(begun.shipments, [{ status: last(file).status, resending: { id: wanted.id, since: now } }])
    t.throws(() => beginResend(begun, id, wantedResend(), now), { code: 'shipment.resending' })
    t.equal(completeResend(begun, id, newShipmentId(), now), undefined, 'another one is waited for')
    const { state } = completeResend(begun, id, wanted.id, now)!
    t.match(state.shipments, [{ status: 'resent' }, { id: wanted.id, status: 'shipped' }])
    t.equal(completeResend(state, id, wanted.id, now), undefined, 'twice is once')
    t.throws(() => beginResend(state, id, wantedResend(), now), { code: 'shipment.resent' })
  }
  t.end()
})

t.test('without goods everything is as it was', (t) => {
  const file = sent('lost')
  const wanted = wantedResend()
  const begun = beginResend(file, last(file).id, wanted, now).state
  t.throws(() => moveShipment(begun, last(file).id, 'delivered', now), { code: 'shipment.resending' })
  t.same(abandonResend(begun, last(file).id, wanted.id)!.state, file)
  t.equal(abandonResend(file, last(file).id, wanted.id), undefined)
  t.end()
})

t.test('only what was lost or came back is sent again', (t) => {
  const file = shippedFile(confirmedFile(), 1, 2)
  t.throws(() => beginResend(file, last(file).id, wantedResend(), now), { code: 'shipment.shipped' })
  const delivered = became(file, 'delivered')
  t.throws(() => beginResend(delivered, last(file).id, wantedResend(), now), { code: 'shipment.delivered' })
  t.throws(() => beginResend(file, newShipmentId(), wantedResend(), now), { code: 'shipment.not-found' })
  t.end()
})

t.test('what is refunded is not sent again, and what is sent again is not refunded', (t) => {
  const lost = sent('lost')
  const { id } = last(lost)
  const returnId = newReturnId()
  const asked = requestReturn(lost, returnId, wantedBack(lost, 1), now).state
  t.throws(() => beginResend(asked, id, wantedResend(), now), {
    code: 'shipment.refunded',
    details: { lineId: lost.order.lines[1]!.id },
  })
  const declined = moveReturn(asked, returnId, 'declined', [], now)!.state
  const begun = beginResend(declined, id, wantedResend(), now).state
  t.throws(() => requestReturn(begun, newReturnId(), wantedBack(lost, 1), now), {
    code: 'return.exceeds-shipped',
    details: { left: 0 },
  })
  const refunded = { ...lost, order: { ...lost.order, paymentStatus: 'refunded' as const } }
  t.throws(() => beginResend(refunded, id, wantedResend(), now), { code: 'shipment.refunded' })
  t.end()
})

t.test('the customer may return what was sent again', (t) => {
  const file = sent('lost')
  const wanted = wantedResend()
  const again = fileAfter(
    file,
    (before) => beginResend(before, last(before).id, wanted, now),
    (before) => completeResend(before, file.shipments[0]!.id, wanted.id, now),
  )
  t.doesNotThrow(() => requestReturn(again, newReturnId(), wantedBack(again, 2), now))
  t.end()
})

t.test('whatever is lost, returned and sent again, nobody gets the goods and their money', (t) => {
  const step = fc.record({ act: fc.nat(6), of: fc.nat(6), quantity: fc.integer({ min: 1, max: 2 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let file = shippedFile(confirmedFile(), 0, 1)
      for (const { act, of, quantity } of steps) {
        const shipment = file.shipments[of % file.shipments.length]!
        const to = (['lost', 'returned', 'delivered'] as const)[act]
        try {
          if (to) file = moveShipment(file, shipment.id, to, now)?.state ?? file
          else if (act === 3) file = beginResend(file, shipment.id, wantedResend(), now).state
          else if (act === 4)
            file = completeResend(file, shipment.id, shipment.resending!.id, now)?.state ?? file
          else if (act === 5) file = requestReturn(file, newReturnId(), wantedBack(file, quantity), now).state
          else file = shippedFile(file, 0, 1)
        } catch {
          continue
        }
      }
      const { shipments, order } = file
      const replaced = shipments.filter(({ replaces }) => replaces)
      return order.lines.every(({ id, quantity, packed, shipped, returned }) => {
        const counted = shipments.filter(({ status }) => status !== 'resent')
        return (
          shipped === unitsIn(counted, id) &&
          returned <= shipped &&
          packed <= quantity &&
          new Set(replaced.map(({ replaces }) => replaces)).size === replaced.length
        )
      })
    }),
  )
  t.end()
})
