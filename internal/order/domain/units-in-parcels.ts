import type { OrderFile } from './order-file.ts'
import type { LineId } from './order.ts'
import type { Shipment } from './parcel.ts'

/** Units of the line in these parcels. */
export const unitsIn = (shipments: readonly Shipment[], lineId: LineId): number =>
  shipments
    .flatMap(({ lines }) => lines)
    .filter((line) => line.lineId === lineId)
    .reduce((sum, { quantity }) => sum + quantity, 0)

/** Units of the line for which goods are being taken once more. */
export const resendingUnits = ({ shipments }: OrderFile, lineId: LineId): number =>
  unitsIn(
    shipments.filter(({ resending }) => resending),
    lineId,
  )
