import fc from 'fast-check'
import t from 'tap'
import {
  confirmedFile,
  fileAfter,
  newShipmentId,
  now,
  parcel,
  shippedFile,
  units,
} from '../testing/fixtures.ts'
import type { OrderFile } from './order-file.ts'
import { cancel, pay, remaining } from './order.ts'
import { saidStatuses, shipmentStatuses, shipmentTransitions } from './parcel.ts'
import { moveShipment, pack, recordShipment, shipRest } from './shipment.ts'

const unsaid = { carrier: '', trackingNumber: '', trackingUrl: '' }
const linesOf = ({ order }: OrderFile) => order.lines.map(({ packed, shipped }) => [packed, shipped])

t.test('packing takes units of a line, and no more than are left', (t) => {
  const file = confirmedFile()
  const { state, events } = pack(file, parcel(units(file, 0, 1)), now)
  t.same(linesOf(state), [
    [0, 0],
    [1, 0],
  ])
  t.match(state.order, { status: 'confirmed', fulfilmentStatus: 'none', awaitingRelease: false, version: 2 })
  t.match(events, [{ of: 'shipment', event: { type: 'packed', shipment: { version: 1, carrier: 'Post' } } }])
  t.throws(() => pack(state, parcel(units(state, 0, 2)), now), {
    kind: 'conflict',
    code: 'shipment.exceeds-order',
    details: { left: 1 },
  })
  const [wanted] = units(file, 1)
  t.throws(() => pack(file, parcel([wanted!, wanted!]), now), { code: 'shipment.repeated-line' })
  t.throws(() => pack(file, parcel(units(confirmedFile(), 1)), now), { code: 'order.unknown-line' })
  t.end()
})

t.test('only a confirmed or paid order is packed', (t) => {
  const { order } = confirmedFile()
  const canceled = { ...confirmedFile(), order: cancel(order, '', now)!.state }
  t.throws(() => pack(canceled, parcel(units(canceled, 1)), now), { code: 'order.canceled' })
  const paid = { ...confirmedFile(), order: pay(order, now).state }
  t.equal(pack(paid, parcel(units(paid, 1)), now).state.order.status, 'paid')
  t.end()
})

t.test('the order is shipped when nothing remains, and delivered when all of it is', (t) => {
  const file = confirmedFile()
  const first = shippedFile(file, 1, 1)
  t.match(first.order, { status: 'confirmed', fulfilmentStatus: 'partial', version: 2 })
  const second = parcel(units(file, 0, 1))
  const packed = pack(first, second, now).state
  const { state, events } = moveShipment(packed, second.id, 'shipped', now)!
  t.match(state.order, { status: 'shipped', fulfilmentStatus: 'shipped', version: 3 })
  t.match(events, [
    { of: 'shipment', event: { type: 'shipped', shipment: { version: 2 } } },
    { of: 'order', event: { type: 'shipped' } },
  ])
  const delivered = fileAfter(
    state,
    (before) => moveShipment(before, before.shipments[0]!.id, 'lost', now),
    (before) => moveShipment(before, before.shipments[1]!.id, 'delivered', now),
  )
  t.equal(delivered.order.fulfilmentStatus, 'shipped')
  const found = moveShipment(delivered, delivered.shipments[0]!.id, 'delivered', now)!.state
  t.equal(found.order.fulfilmentStatus, 'delivered')
  t.equal(moveShipment(found, found.shipments[0]!.id, 'delivered', now), undefined, 'twice is once')
  t.end()
})

t.test('what is not on the shelf is canceled with its line, and the hold is to shrink', (t) => {
  const file = confirmedFile()
  const [one, two] = file.order.lines
  const wanted = parcel([
    { lineId: one!.id, quantity: 1, isShort: false },
    { lineId: two!.id, quantity: 1, isShort: true },
  ])
  const { state } = pack(file, wanted, now)
  t.match(state.order.lines, [{ canceled: 0 }, { packed: 1, canceled: 1 }])
  t.equal(state.order.awaitingRelease, true)
  const shipped = moveShipment(state, wanted.id, 'shipped', now)!.state
  t.match(shipped.order, { status: 'shipped', fulfilmentStatus: 'shipped' }, 'nothing remains')
  t.end()
})

t.test('packed units can not be canceled; the rest of the order can', (t) => {
  const file = confirmedFile()
  const all = pack(file, parcel(units(file, 1, 2)), now).state
  t.throws(() => cancel(all.order, '', now), { kind: 'conflict', code: 'order.packed' })
  const some = pack(file, parcel(units(file, 0, 1)), now).state
  t.match(cancel(some.order, '', now)?.state, { status: 'canceled', awaitingRelease: true })
  t.end()
})

t.test('a parcel that was unpacked gives its units back', (t) => {
  const file = confirmedFile()
  const wanted = parcel(units(file, 0, 1))
  const packed = pack(file, wanted, now).state
  const open = moveShipment(packed, wanted.id, 'canceled', now)!.state
  t.same(linesOf(open), [
    [0, 0],
    [0, 0],
  ])
  t.equal(open.order.awaitingRelease, false, 'they can be packed again')
  const canceled = { ...packed, order: { ...cancel(packed.order, '', now)!.state, awaitingRelease: false } }
  const over = moveShipment(canceled, wanted.id, 'canceled', now)!.state
  t.equal(over.order.awaitingRelease, true, 'of a canceled order they go back into the stock')
  const sent = moveShipment(canceled, wanted.id, 'shipped', now)!.state
  t.match(sent.order, { status: 'canceled', fulfilmentStatus: 'partial' }, 'or they leave all the same')
  t.end()
})

t.test('a shipment moves along its table only', (t) => {
  const file = shippedFile(confirmedFile(), 1)
  const [shipment] = file.shipments
  for (const from of shipmentStatuses)
    for (const to of saidStatuses) {
      const at = { ...file, shipments: [{ ...shipment!, status: from }] }
      const isAllowed = from === to || shipmentTransitions[from].includes(to)
      if (isAllowed) t.doesNotThrow(() => moveShipment(at, shipment!.id, to, now), `${from} ${to}`)
      else t.throws(() => moveShipment(at, shipment!.id, to, now), { code: `shipment.${from}` })
    }
  t.throws(() => moveShipment(file, newShipmentId(), 'lost', now), { code: 'shipment.not-found' })
  t.end()
})

t.test('all that is left is shipped with one word', (t) => {
  const file = confirmedFile()
  const packed = pack(file, parcel(units(file, 0, 1)), now).state
  const { state, events } = shipRest(packed, { id: newShipmentId(), ...unsaid }, 'sent', now)!
  t.match(state.order, { status: 'shipped', fulfilmentStatus: 'shipped' })
  t.equal(state.order.history.at(-1)?.reason, 'sent')
  t.same(
    state.shipments.map(({ status }) => status),
    ['shipped', 'shipped'],
  )
  t.equal(events.filter(({ of }) => of === 'order').length, 1)
  t.equal(shipRest(state, { id: newShipmentId(), ...unsaid }, '', now), undefined, 'twice is once')
  t.end()
})

t.test('an order that an earlier version has shipped gets its shipment, once', (t) => {
  const file = confirmedFile()
  const whole = shippedFile(file, 1, 2)
  const order = { ...whole.order, lines: file.order.lines, fulfilmentStatus: 'none' as const }
  const { state } = recordShipment({ order, shipments: [], returns: [] }, newShipmentId())!
  t.match(state.order, { status: 'shipped', version: whole.order.version, fulfilmentStatus: 'shipped' })
  t.same(linesOf(state), [
    [1, 1],
    [2, 2],
  ])
  t.equal(recordShipment(state, newShipmentId()), undefined)
  t.equal(recordShipment(file, newShipmentId()), undefined)
  t.end()
})

t.test('whatever is packed, sent and unpacked, no unit is in two parcels', (t) => {
  const step = fc.record({
    line: fc.nat(1),
    quantity: fc.integer({ min: 1, max: 3 }),
    act: fc.nat(3),
    of: fc.nat(4),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let file = confirmedFile()
      for (const { line, quantity, act, of } of steps) {
        try {
          const shipment = file.shipments[of % Math.max(1, file.shipments.length)]
          const to = (['shipped', 'canceled', 'delivered'] as const)[act - 1]
          const wanted = { lineId: file.order.lines[line]!.id, quantity, isShort: of === 0 }
          const change =
            to && shipment ? moveShipment(file, shipment.id, to, now) : pack(file, parcel([wanted]), now)
          file = change?.state ?? file
        } catch {
          continue
        }
      }
      return file.order.lines.every((line) => {
        const inParcels = (only: (status: string) => boolean): number =>
          file.shipments
            .filter(({ status }) => only(status))
            .flatMap(({ lines }) => lines)
            .filter(({ lineId }) => lineId === line.id)
            .reduce((sum, { quantity }) => sum + quantity, 0)
        return (
          remaining(line) >= 0 &&
          line.packed === inParcels((status) => status !== 'canceled') &&
          line.shipped === inParcels((status) => status !== 'canceled' && status !== 'packed')
        )
      })
    }),
  )
  t.end()
})
