import type { Brand } from '../../platform/brand.ts'
import type { Change } from '../../platform/change.ts'
import { Refusal } from '../../platform/refusal.ts'

export type OrderId = Brand<string, 'OrderId'>
export type UserId = Brand<string, 'UserId'>
export type ProductId = Brand<string, 'ProductId'>

const transitions = {
  pending: ['confirmed', 'rejected', 'canceled'],
  confirmed: ['paid', 'shipped', 'canceled'],
  paid: ['shipped', 'canceled'],
  shipped: ['completed'],
  completed: [],
  rejected: [],
  canceled: [],
} as const

export type OrderStatus = keyof typeof transitions

export const orderStatuses = Object.keys(transitions) as readonly OrderStatus[]

/** What may follow what, for the documentation that a test holds against it. */
export const orderTransitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = transitions

export type OrderLine = {
  readonly productId: ProductId
  readonly sku: string
  readonly name: string
  readonly quantity: number
  /** Minor units of the order's currency, at the moment of ordering. */
  readonly unitPriceMinor: bigint
}

export type StatusChange = { readonly status: OrderStatus; readonly at: Date; readonly reason: string }

export type Order = {
  readonly id: OrderId
  readonly userId: UserId
  readonly status: OrderStatus
  readonly lines: readonly OrderLine[]
  readonly totalMinor: bigint
  readonly currency: string
  readonly createdAt: Date
  readonly updatedAt: Date
  /** One entry for each version. */
  readonly history: readonly StatusChange[]
  readonly version: number
  /** Canceled, and the inventory has not yet said that the stock is back. */
  readonly awaitingRelease: boolean
}

/** Each change of status is one event; `order.created` is the change to pending. */
export type OrderEvent = { readonly type: OrderStatus; readonly order: Order }
export type OrderChange = Change<Order, OrderEvent>

/** Stock is held for every line. */
export function confirm(order: Order, at: Date): OrderChange {
  return moveTo(order, 'confirmed', at)
}

/** Stock was short; nothing is held. */
export function reject(order: Order, reason: string, at: Date): OrderChange {
  return moveTo(order, 'rejected', at, reason)
}

/** Canceling twice is canceling once. Stock may be held even for a pending order, so it is always asked back. */
export function cancel(order: Order, reason: string, at: Date): OrderChange | undefined {
  if (order.status === 'canceled') return undefined
  return moveTo({ ...order, awaitingRelease: true }, 'canceled', at, reason)
}

/** What an admin says of an order on its way to the customer. Saying it twice is saying it once. */
export function advance(order: Order, to: OrderStatus, reason: string, at: Date): OrderChange | undefined {
  if (order.status === to) return undefined
  if (to === 'canceled') return cancel(order, reason, at)
  if (to === 'paid' || to === 'shipped' || to === 'completed') return moveTo(order, to, at, reason)
  throw new Refusal('conflict', 'order.status-not-settable', `nobody can make an order ${to} by hand`)
}

function moveTo(order: Order, status: OrderStatus, at: Date, reason = ''): OrderChange {
  const allowed: readonly OrderStatus[] = transitions[order.status]
  if (!allowed.includes(status)) {
    throw new Refusal('conflict', `order.${order.status}`, `a ${order.status} order cannot become ${status}`)
  }
  return changeOf({
    ...order,
    status,
    version: order.version + 1,
    updatedAt: at,
    history: [...order.history, { status, at, reason }],
  })
}

/** The state and the one event that tells of it. */
export function changeOf(order: Order): OrderChange {
  return { state: order, events: [{ type: order.status, order }] }
}
