import type { Brand } from '../../platform/brand.ts'
import type { Change } from '../../platform/change.ts'
import { Refusal } from '../../platform/refusal.ts'
import { cartFate } from './cart-fate.ts'
import type { Buyer, FirstPayment, Terms } from './terms.ts'

export type OrderId = Brand<string, 'OrderId'>
export type LineId = Brand<string, 'LineId'>
export type UserId = Brand<string, 'UserId'>
export type ProductId = Brand<string, 'ProductId'>

const transitions = {
  pending: ['confirmed', 'rejected', 'canceled'],
  confirmed: ['paid', 'shipped', 'canceled', 'expired'],
  paid: ['confirmed', 'shipped', 'canceled'],
  shipped: ['completed'],
  completed: [],
  rejected: [],
  canceled: [],
  expired: ['paid'],
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
  /** Units in shipments that are not canceled. */
  readonly packed: number
  /** Those of them that have left. */
  readonly shipped: number
  /** Units that were not found when they were to be packed. */
  readonly canceled: number
  /** Units in returns, without those that were declined, canceled or never came. */
  readonly returned: number
}

export const fulfilmentStatuses = ['none', 'partial', 'shipped', 'delivered'] as const
export type FulfilmentStatus = (typeof fulfilmentStatuses)[number]

export const paymentStatuses = [
  'unpaid',
  'pending',
  'authorized',
  'partially_paid',
  'paid',
  'overpaid',
  'partially_refunded',
  'refunded',
  'failed',
] as const
export type PaymentStatus = (typeof paymentStatuses)[number]

/** What staff should look at, whatever the status is. review: money in another currency has come. */
export const orderFlags = ['review', 'dispute'] as const
export type OrderFlag = (typeof orderFlags)[number]

export const returnStatuses = ['none', 'open', 'partial', 'returned'] as const
export type ReturnStatus = (typeof returnStatuses)[number]

export type StatusChange = { readonly status: OrderStatus; readonly at: Date; readonly reason: string }

export type Order = {
  readonly id: OrderId
  /** Undefined for a guest's, whose owner is whoever has its token. */
  readonly userId: UserId | undefined
  readonly status: OrderStatus
  readonly lines: readonly OrderLine[]
  readonly totalMinor: bigint
  readonly currency: string
  readonly createdAt: Date
  readonly updatedAt: Date
  /** There is one entry for each version. */
  readonly history: readonly StatusChange[]
  /** Counts the changes of status. */
  readonly version: number
  /**
   * Rises with every change that somebody can see, also of shipments and returns. Stores set it; of two writers one sees
   * the other's change, and pages of kept orders know by it what to read again.
   */
  readonly revision: number
  /** True while more may be taken for the order than it still needs: it was canceled or shortened. */
  readonly awaitingRelease: boolean
  readonly fulfilmentStatus: FulfilmentStatus
  readonly returnStatus: ReturnStatus
  readonly paymentStatus: PaymentStatus
  /** What was captured comes to what was due. A refund changes nothing of that. */
  readonly moneyTaken: boolean
  /** The newest event of the order's money that is known; 0: none; -1: only the word of an admin, in an earlier version. */
  readonly gateVersion: number
  /** Stock is held until then, unless somebody pays; undefined: without an end. */
  readonly holdUntil: Date | undefined
  /** The order is to end, and waits for what the payments say. Its status is still the one that it leaves. */
  readonly closing: Closing | undefined
  /** What a checkout has frozen; undefined for an order of lines alone, as are the next two. */
  readonly terms: Terms | undefined
  readonly buyer: Buyer | undefined
  /** Begins when stock is held; undefined when that has been done. */
  readonly firstPayment: FirstPayment | undefined
  /** The cart and the promotions have not been told what became of the order. */
  readonly awaitingCart: boolean
  /** The cart is ordered although the money, which a bank has in hand, may still fail to come. */
  readonly cartTaken: boolean
  readonly flags: readonly OrderFlag[]
  /** Counts the holds of its stock: one, and one more each time that it began to be revived. */
  readonly holdNo: number
  /** It has expired, and money that came late may revive it. */
  readonly reviving: Reviving | undefined
}

/** isOff: it stays expired, and what was held for it goes back. */
export type Reviving = { readonly since: Date; readonly isOff: boolean }

export type Closing = {
  readonly to: 'canceled' | 'expired'
  readonly reason: string
  /** Of what was paid, after a cancellation. unless-covered: an order that turns out to be covered stays. */
  readonly refund: 'full' | 'none' | 'unless-covered'
  readonly since: Date
}

/** Each change of status is one event; `order.created` is the change to pending, `order.revived` that of an expired order. */
export type OrderEvent = { readonly type: OrderStatus | 'revived'; readonly order: Order }
export type OrderChange = Change<Order, OrderEvent>

/** Stock is held for every line. */
export function confirm(order: Order, at: Date): OrderChange {
  return moveTo(order, 'confirmed', at)
}

/** Stock was short, and nothing is held; or a promotion was used up, and the stock that is held goes back. */
export function reject(order: Order, reason: string, at: Date): OrderChange {
  return moveTo({ ...order, firstPayment: undefined }, 'rejected', at, reason)
}

/**
 * Canceling a canceled order changes nothing. Stock may be held even for a pending order, so a release always follows.
 */
export function cancel(order: Order, reason: string, at: Date): OrderChange | undefined {
  if (order.status === 'canceled') return undefined
  refusePacked(order)
  return moveTo({ ...order, awaitingRelease: true, firstPayment: undefined }, 'canceled', at, reason)
}

export function refusePacked({ status, lines }: Order): void {
  const isOpen = status === 'confirmed' || status === 'paid'
  if (isOpen && lines.every((line) => remaining(line) === 0))
    throw new Refusal('conflict', 'order.packed', 'all of it is packed, and packed units can not be canceled')
}

/** Nobody has paid in time. What is not packed goes back. */
export function expire(order: Order, at: Date): OrderChange {
  return moveTo({ ...order, awaitingRelease: true, firstPayment: undefined }, 'expired', at)
}

/** It is covered: nobody has to pay in time any more. An expired order has no stock; only its revival makes it paid. */
export function pay(order: Order, at: Date, reason = ''): OrderChange {
  if (order.status === 'expired')
    throw new Refusal('conflict', 'order.expired', 'an expired order cannot become paid')
  return moveTo({ ...order, holdUntil: undefined }, 'paid', at, reason)
}

/** Money came late, and stock is held again. */
export function revive(order: Order, at: Date): OrderChange {
  const { state } = moveTo({ ...order, reviving: undefined }, 'paid', at)
  return { state, events: [{ type: 'revived', order: state }] }
}

/** The money went before anything was shipped. */
export function lapse(order: Order, at: Date): OrderChange {
  return moveTo(order, 'confirmed', at, 'the money lapsed')
}

/** An order that is closing stays as it is until its end is known. */
export function refuseClosing({ closing }: Order): void {
  if (closing)
    throw new Refusal('conflict', 'order.closing', 'the order is about to end; look again in a moment')
}

/** Units that are neither packed nor canceled. */
export const remaining = ({ quantity, packed, canceled }: OrderLine): number => quantity - packed - canceled

/** Nothing remains: all of it has left. Shipments bring it about (shipment.ts). */
export function ship(order: Order, reason: string, at: Date): OrderChange {
  return moveTo(order, 'shipped', at, reason)
}

/**
 * The changes of status that an admin's word makes. Shipping and canceling are not among them, nor is paying, which is
 * what the payments know. Setting the status that the order has already changes nothing.
 */
export function advance(order: Order, to: OrderStatus, reason: string, at: Date): OrderChange | undefined {
  if (order.status === to) return undefined
  refuseClosing(order)
  if (to === 'completed') return moveTo(order, to, at, reason)
  throw new Refusal('conflict', 'order.status-not-settable', `nobody can make an order ${to} by hand`)
}

function moveTo(order: Order, status: OrderStatus, at: Date, reason = ''): OrderChange {
  const allowed: readonly OrderStatus[] = transitions[order.status]
  if (!allowed.includes(status)) {
    throw new Refusal('conflict', `order.${order.status}`, `a ${order.status} order cannot become ${status}`)
  }
  const fate = cartFate({ ...order, status })
  return changeOf({
    ...order,
    status,
    version: order.version + 1,
    updatedAt: at,
    history: [...order.history, { status, at, reason }],
    awaitingCart: order.awaitingCart || (fate !== undefined && fate !== cartFate(order)),
  })
}

/** The new state with the one event that reports it. */
export function changeOf(order: Order): OrderChange {
  return { state: order, events: [{ type: order.status, order }] }
}
