import type { Call, Trace } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'
import type { CreatedOrder } from '../application/stock.ts'
import type { FileChange, OrderFile } from '../domain/order-file.ts'
import {
  confirm,
  type Order,
  type OrderChange,
  type OrderId,
  type ProductId,
  type UserId,
} from '../domain/order.ts'
import { place, type Quote } from '../domain/place.ts'
import type { ReturnId } from '../domain/goods-back.ts'
import type { ShipmentId } from '../domain/parcel.ts'
import { moveShipment, pack, type WantedUnits } from '../domain/shipment.ts'

export const now = new Date('2026-01-02T03:04:05.678Z')
export const trace: Trace = { correlationId: 'test', causationId: '', traceparent: '' }
export const system: Call = { actor: { kind: 'system' }, correlationId: 'test', traceparent: '' }

export const newOrderId = (): OrderId => newId() as OrderId
export const newUserId = (): UserId => newId() as UserId
export const newProductId = (): ProductId => newId() as ProductId

export function customer(userId: UserId = newUserId()): Call {
  return { actor: { kind: 'user', userId, role: 'customer' }, correlationId: 'test', traceparent: '' }
}

export function admin(): Call {
  return {
    actor: { kind: 'user', userId: newUserId(), role: 'admin' },
    correlationId: 'test',
    traceparent: '',
  }
}

export function quote(changes: Partial<Quote> = {}): Quote {
  const productId = changes.productId ?? newProductId()
  return {
    productId,
    sku: 'SKU-1',
    name: 'A thing',
    unitPriceMinor: 250n,
    currency: 'USD',
    available: 100,
    ...{ category: 'Things', weightGrams: 0 },
    ...changes,
  }
}

/** A valid order of two lines that was just placed. */
export function placed(
  changes: { readonly userId?: UserId; readonly id?: OrderId; readonly at?: Date } = {},
) {
  const quotes = [quote(), quote({ sku: 'SKU-2', unitPriceMinor: 199n })]
  return place(
    changes.id ?? newOrderId(),
    changes.userId ?? newUserId(),
    quotes.map(({ productId }, index) => ({ productId, quantity: index + 1 })),
    new Map(quotes.map((each) => [each.productId, each])),
    changes.at ?? now,
  )
}

export const pendingOrder = (changes: Parameters<typeof placed>[0] = {}): Order => placed(changes).state

/** The state after a change that must have happened. */
export function stateOf(change: OrderChange | undefined): Order {
  if (!change) throw new Error('nothing was changed')
  return change.state
}

export function createdOrder(changes: Partial<CreatedOrder> = {}): CreatedOrder {
  return {
    orderId: newOrderId(),
    lines: [{ productId: newProductId(), quantity: 1 }],
    trace: { correlationId: 'c-1', causationId: 'e-1', traceparent: '00-a-b-01' },
    ...changes,
  }
}

/** What the order.created of this order tells its subscribers. */
export const createdFrom = ({ id, lines }: Order): CreatedOrder => createdOrder({ orderId: id, lines })

export const newShipmentId = (): ShipmentId => newId() as ShipmentId
export const newReturnId = (): ReturnId => newId() as ReturnId

/** A confirmed order with a line of one unit and another of two, and nothing packed. */
export function confirmedFile(changes: Partial<Order> = {}): OrderFile {
  return { order: { ...confirm(pendingOrder(), now).state, ...changes }, shipments: [], returns: [] }
}

/** So many units of each line, in their order; lines with none are left out. */
export function units({ order }: OrderFile, ...quantities: readonly number[]): readonly WantedUnits[] {
  return order.lines.flatMap(({ id }, index) => {
    const quantity = quantities[index] ?? 0
    return quantity > 0 ? [{ lineId: id, quantity, isShort: false }] : []
  })
}

export const parcel = (lines: readonly WantedUnits[]) => ({
  ...{ id: newShipmentId(), lines },
  ...{ carrier: 'Post', trackingNumber: 'T-1', trackingUrl: 'https://post.example/T-1' },
})

/** The file after the changes, each of which must have happened. */
export function fileAfter(
  file: OrderFile,
  ...steps: readonly ((file: OrderFile) => FileChange | undefined)[]
): OrderFile {
  return steps.reduce((before, step) => {
    const change = step(before)
    if (!change) throw new Error('nothing was changed')
    return change.state
  }, file)
}

/** The file with so many units of its lines in a shipment that has left. */
export const shippedFile = (file: OrderFile, ...quantities: readonly number[]): OrderFile => {
  const wanted = parcel(units(file, ...quantities))
  return fileAfter(
    file,
    (before) => pack(before, wanted, now),
    (before) => moveShipment(before, wanted.id, 'shipped', now),
  )
}
