import { Refusal } from '../../platform/refusal.ts'
import { jsonLength } from '../../platform/text.ts'
import type { OrderFile } from './order-file.ts'

// The parcels of an order are shown all at once, and so are its returns: each list has to fit into one message.

const mostBytes = 900_000
/** Of what is always there, its steps and the entries of a timeline among it. */
const [bytesOfParcel, bytesOfReturn, bytesOfLine] = [2_500, 2_500, 300]

export function refuseTooManyParcels({ shipments }: OrderFile): void {
  const bytes = shipments.reduce((sum, { carrier, trackingNumber, trackingUrl, lines }) => {
    const texts = jsonLength(carrier) + jsonLength(trackingNumber) + jsonLength(trackingUrl)
    return sum + bytesOfParcel + texts + bytesOfLine * lines.length
  }, 0)
  if (bytes > mostBytes)
    throw new Refusal('conflict', 'shipment.too-many', 'this order has as many parcels as can be shown')
}

export function refuseTooManyReturns({ returns }: OrderFile): void {
  const bytes = returns.reduce(
    (sum, { lines }) =>
      lines.reduce((all, { reason }) => all + bytesOfLine + jsonLength(reason), sum + bytesOfReturn),
    0,
  )
  if (bytes > mostBytes)
    throw new Refusal('conflict', 'return.too-many', 'this order has as many returns as can be shown')
}
