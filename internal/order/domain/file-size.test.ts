import t from 'tap'
import { maxMessageBytes } from '../../platform/message-size.ts'
import { Refusal } from '../../platform/refusal.ts'
import { returnJson, shipmentJson } from '../infrastructure/fulfilment-json.ts'
import { confirmedFile, newReturnId, now, parcel, shippedFile, units } from '../testing/fixtures.ts'
import type { FileChange, OrderFile } from './order-file.ts'
import { requestReturn } from './return.ts'
import { moveShipment, pack } from './shipment.ts'

/** Goes on until it is refused. Returns what there was then, and the code. */
function until(file: OrderFile, next: (file: OrderFile) => FileChange): readonly [OrderFile, string] {
  let now = file
  for (let turn = 0; turn < 100_000; turn++)
    try {
      now = next(now).state
    } catch (err) {
      if (err instanceof Refusal) return [now, err.code]
      throw err
    }
  throw new Error('nothing was refused')
}

const bytesOf = (things: readonly object[]): number => Buffer.byteLength(JSON.stringify(things))

t.test('so many parcels, that all of them fit into one message', async (t) => {
  const emoji = '🎁'.repeat(100)
  const packAndUnpack = (file: OrderFile): FileChange => {
    const wanted = { ...parcel(units(file, 1)), carrier: emoji, trackingNumber: emoji }
    return moveShipment(pack(file, wanted, now).state, wanted.id, 'canceled', now)!
  }
  const [file, code] = until(confirmedFile(), packAndUnpack)
  t.equal(code, 'shipment.too-many')
  t.ok(file.shipments.length > 200, `${file.shipments.length} parcels`)
  t.ok(bytesOf(file.shipments.map(shipmentJson)) < maxMessageBytes)
})

t.test('so many returns, that all of them fit into one message', async (t) => {
  const shipped = shippedFile(confirmedFile(), 1, 1)
  const again = (file: OrderFile): FileChange => {
    const order = { ...file.order, lines: file.order.lines.map((line) => ({ ...line, returned: 0 })) }
    const [line] = units(file, 1)
    const wanted = [{ lineId: line!.lineId, quantity: 1, reason: '\u0001'.repeat(500) }]
    return requestReturn({ ...file, order }, newReturnId(), wanted, now)
  }
  const [file, code] = until(shipped, again)
  t.equal(code, 'return.too-many')
  t.ok(file.returns.length > 100, `${file.returns.length} returns`)
  t.ok(bytesOf(file.returns.map(returnJson)) < maxMessageBytes)
})
