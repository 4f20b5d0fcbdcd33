import type { Call, Trace } from '../../platform/call.ts'
import { newId } from '../../platform/new-id.ts'
import type { CreatedOrder } from '../application/stock.ts'
import type { Order, OrderChange, OrderId, ProductId, UserId } from '../domain/order.ts'
import { place, type Quote } from '../domain/place.ts'

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
