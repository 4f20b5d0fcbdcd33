import type { Order } from '../../internal/order/domain/order.ts'
import type { Stores } from './stores.ts'

/**
 * Checks that each unit is in one parcel, comes back at most once and only if it has left, and that goods that came back
 * were booked once, those that can be sold and no others. The payments know of units that are not owed.
 */
export function judgeParcels({ stores }: { readonly stores: Stores }, orders: readonly Order[]): string[] {
  const { shipments, returns } = stores.orders.files
  const wrong: string[] = []
  for (const { id, lines } of orders) {
    for (const line of lines) {
      const parcels = [...shipments.values()].filter(
        ({ orderId, status }) => orderId === id && status !== 'canceled',
      )
      const unitsIn = (isCounted: (status: string) => boolean): number =>
        parcels
          .filter(({ status }) => isCounted(status))
          .flatMap((parcel) => parcel.lines)
          .filter(({ lineId }) => lineId === line.id)
          .reduce((sum, { quantity }) => sum + quantity, 0)
      const { quantity, packed, shipped, canceled, returned } = line
      const isRight =
        packed === unitsIn(() => true) &&
        shipped === unitsIn((status) => status !== 'packed') &&
        packed + canceled <= quantity &&
        returned <= shipped
      if (!isRight)
        wrong.push(
          `line ${line.id}: ${quantity} ordered, ${canceled} canceled, ${packed} packed, ${shipped} shipped`,
        )
    }
  }
  const { movements } = stores.inventory.tables
  for (const { orderId, awaitingMoney } of shipments.values())
    if (awaitingMoney) wrong.push(`the payments were not told of a short parcel of order ${orderId}`)
  for (const { orderId, returnNo, awaitingStock, money, status, lines } of returns.values()) {
    if (money === 'due')
      wrong.push(`return ${returnNo} of order ${orderId} is ${status}, and the payments were not told`)
    if (awaitingStock)
      wrong.push(`return ${returnNo} of order ${orderId} is ${status}, and its goods are not booked`)
    for (const { productId, resellable, damaged } of lines) {
      const booked = movements.filter(
        (each) => each.orderId === orderId && each.productId === productId && each.step === returnNo,
      )
      const sumOf = (kind: string): number =>
        booked.filter((each) => each.kind === kind).reduce((sum, { quantity }) => sum + quantity, 0)
      if (sumOf('return') !== resellable + damaged || -sumOf('write-off') !== damaged)
        wrong.push(
          `return ${returnNo} of order ${orderId} is booked as ${sumOf('return')}, ${sumOf('write-off')}`,
        )
    }
  }
  return wrong
}
