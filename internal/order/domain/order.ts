import type { Brand } from '../../platform/brand.ts'
import type { Change } from '../../platform/change.ts'
import { Refusal } from '../../platform/refusal.ts'

export type OrderId = Brand<string, 'OrderId'>
export type LineId = Brand<string, 'LineId'>
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

/** The allowed transitions. A test compares docs/order-states.md with them. */
export const orderTransitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = transitions

export type OrderLine = {
  readonly id: LineId
  readonly productId: ProductId
  readonly sku: string
  readonly name: string
  readonly quantity: number
  /** The price at the moment of ordering, in minor units of the order's currency. */
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
  /** There is one entry for each version. */
  readonly history: readonly StatusChange[]
  readonly version: number
  /** True when the order is canceled and the inventory has not yet confirmed that its hold is released. */
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

/**
 * Canceling a canceled order changes nothing. Stock may be held even for a pending order, so a release always follows.
 */
export function cancel(order: Order, reason: string, at: Date): OrderChange | undefined {
  if (order.status === 'canceled') return undefined
  return moveTo({ ...order, awaitingRelease: true }, 'canceled', at, reason)
}

/** The changes of status that an admin may make. Setting the status that the order has already changes nothing. */
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

/** The new state with the one event that reports it. */
export function changeOf(order: Order): OrderChange {
  return { state: order, events: [{ type: order.status, order }] }
}
