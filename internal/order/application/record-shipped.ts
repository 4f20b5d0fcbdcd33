import type { OrderId } from '../domain/order.ts'
import type { ShipmentId } from '../domain/parcel.ts'
import { recordShipment } from '../domain/shipment.ts'
import type { OrderFiles } from './order-files.ts'

type Deps = { readonly files: OrderFiles; readonly newShipmentId: () => ShipmentId }

/** Gives orders that an earlier version has shipped the shipment that they would have today. */
export function recordShipped({ files, newShipmentId }: Deps) {
  return async (ids: readonly OrderId[]): Promise<readonly undefined[]> => {
    for (const id of ids) {
      const trace = { correlationId: id, causationId: '', traceparent: '' }
      await files.update({ id, trace, decide: (file) => recordShipment(file, newShipmentId()) })
    }
    return ids.map(() => undefined)
  }
}
