import type { Movement } from '../../internal/inventory/testing/inventory-tables.ts'
import type { Order } from '../../internal/order/domain/order.ts'
import type { Stores } from './stores.ts'

/** Checks that stock was never below zero, agrees with the ledger, and was booked exactly once for each order line. */
export function judgeStock(stores: Stores, orders: readonly Order[]): string[] {
  const { stock, movements, reservations } = stores.inventory.tables
  const wrong: string[] = []
  for (const { productId, available } of stock.values()) {
    let sum = 0
    let lowest = 0
    for (const movement of movements) {
      if (movement.productId !== productId) continue
      sum += movement.quantity
      lowest = Math.min(lowest, sum)
    }
    if (lowest < 0) wrong.push(`oversold: product ${productId} went down to ${lowest}`)
    if (sum !== available) wrong.push(`product ${productId} has ${available}, and its ledger says ${sum}`)
  }
  const sums = sumsOf(movements)
  for (const order of orders) {
    const { id } = order
    const isHeld = reservations.get(id)?.status === 'held'
    for (const [productId, units] of unitsOf(order, isHeld)) {
      const taken = sums.get(`${id} ${productId}`) ?? 0
      const wanted = units === 0 ? 0 : -units
      if (taken !== wanted)
        wrong.push(`order ${id} should have ${wanted} of ${productId} booked, and has ${taken}`)
    }
  }
  const keys = movements.map(
    ({ productId, orderId, kind, holdNo, step }) =>
      orderId && `${orderId} ${productId} ${kind} ${holdNo} ${step}`,
  )
  const booked = keys.filter((key) => key !== undefined)
  if (new Set(booked).size !== booked.length) wrong.push('stock was moved twice for one order')
  return wrong
}

/** What the order takes of each product, which may stand in several lines. */
function unitsOf({ lines }: Order, isHeld: boolean): ReadonlyMap<string, number> {
  const units = new Map<string, number>()
  for (const { productId, quantity, packed, canceled } of lines)
    units.set(productId, (units.get(productId) ?? 0) + (isHeld ? quantity - canceled : packed))
  return units
}

function sumsOf(movements: readonly Movement[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { orderId, productId, kind, quantity } of movements) {
    if (kind !== 'reserve' && kind !== 'release') continue
    const key = `${orderId ?? ''} ${productId}`
    sums.set(key, (sums.get(key) ?? 0) + quantity)
  }
  return sums
}
