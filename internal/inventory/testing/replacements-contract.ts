import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { OrderId, ShipmentId } from '../domain/ids.ts'
import { allocate, type StockLine } from '../stock/domain/allocate.ts'
import {
  addProduct,
  adjust,
  available,
  history,
  ledger,
  line,
  newOrderId,
  noon,
  request,
  trace,
  whole,
  type InventoryStores,
} from './fixtures.ts'

/** What every store does for parcels that leave in the place of others. */
export function replacementsContract(t: Test, open: (t: Test) => Promise<InventoryStores>): void {
  const story = async (t: Test, units: number) => {
    const stores = await open(t)
    const lamp = await addProduct(stores, units)
    const order = request([line(lamp, 2)])
    await stores.reservations.reserve([order], allocate, noon)
    const replace = (shipmentId: ShipmentId, lines: readonly StockLine[], orderId: OrderId = order.orderId) =>
      stores.reservations.replace({ orderId, shipmentId, lines, trace }, allocate, noon)
    return { stores, lamp, order, replace }
  }

  t.test('takes the goods of a parcel once, beside what is taken for the order', async (t) => {
    const { stores, lamp, order, replace } = await story(t, 5)
    const parcel = newShipmentId()
    const asked = await Promise.all(Array.from({ length: 4 }, () => replace(parcel, [line(lamp, 2)])))
    for (const decision of asked) t.strictSame(decision, { outcome: 'taken' })
    t.equal(await available(stores, lamp), 1)
    t.strictSame(await ledger(stores, order.orderId), ['reserve -2', 'replace -2'])
    t.strictSame(await history(stores, order.orderId), ['stock.reserved 1', 'stock.replaced 2'])
    const told = (await stores.events()).find(({ aggregateVersion, aggregateId }) => {
      return aggregateId === order.orderId && aggregateVersion === 2
    })
    t.match(told?.data, { shipmentId: parcel, lines: [{ productId: lamp.id, quantity: 2 }] })
    await stores.reservations.release([whole(order.orderId)], noon)
    t.equal(await available(stores, lamp), 3, 'a release gives back the hold, and nothing of the parcel')
  })

  t.test('sells no unit twice, and what was rejected stays rejected', async (t) => {
    const { stores, lamp, order, replace } = await story(t, 3)
    const parcels = [newShipmentId(), newShipmentId(), newShipmentId()]
    const asked = await Promise.all(parcels.map((parcel) => replace(parcel, [line(lamp, 1)])))
    t.strictSame(asked.map(({ outcome }) => outcome).sort(), ['rejected', 'rejected', 'taken'])
    t.equal(await available(stores, lamp), 0)
    t.strictSame(await ledger(stores, order.orderId), ['reserve -2', 'replace -1'])
    const late = parcels[asked.findIndex(({ outcome }) => outcome === 'rejected')]!
    await adjust(stores, lamp, 5)
    t.match(await replace(late, [line(lamp, 1)]), {
      outcome: 'rejected',
      shortages: [{ productId: lamp.id, requested: 1, available: 0 }],
    })
    t.match(await replace(newShipmentId(), [line(lamp, 1)]), { outcome: 'taken' })
  })

  t.test('takes nothing for an order that it does not know', async (t) => {
    const { lamp, replace } = await story(t, 3)
    await t.rejects(replace(newShipmentId(), [line(lamp, 1)], newOrderId()), { code: 'stock.unknown-order' })
  })
}

const newShipmentId = (): ShipmentId => newId() as ShipmentId
