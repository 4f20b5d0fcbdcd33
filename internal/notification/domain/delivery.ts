import type { Brand } from '../../platform/brand.ts'
import type { Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Channel, Kind } from './kinds.ts'

export type DeliveryId = Brand<string, 'DeliveryId'>
export type UserId = Brand<string, 'UserId'>
export type OrderId = Brand<string, 'OrderId'>

const transitions = {
  queued: ['sending', 'failed', 'skipped'],
  sending: ['queued', 'sent', 'failed', 'unknown'],
  // The worker that was taken for dead may still come with what became of it.
  unknown: ['queued', 'sent', 'failed'],
  failed: ['queued'],
  sent: [],
  skipped: [],
} as const

export type DeliveryStatus = keyof typeof transitions

export const deliveryStatuses = Object.keys(transitions) as readonly DeliveryStatus[]

/** A guest has no account, so what is about an order goes to the order's buyer. */
export type Recipient =
  | { readonly type: 'user'; readonly id: UserId }
  | { readonly type: 'order'; readonly id: OrderId }
  | { readonly type: 'staff'; readonly id: typeof staffId }

/** Those who run the shop are one recipient, whose address is a setting. */
export const staffId = '00000000-0000-0000-0000-000000000000'

/**
 * The ids of what a message is about, and the amount of a refund, in minor units of the order's currency. Those for staff
 * have a few words of our own beside them.
 */
export type Refs = {
  readonly orderId?: string
  readonly shipmentId?: string
  readonly returnId?: string
  readonly refundId?: string
  readonly amountMinor?: string
  readonly receiptId?: string
  readonly cartId?: string
  readonly requestId?: string
  readonly deadLetterId?: string
  readonly subscription?: string
  readonly code?: string
  readonly paymentId?: string
  readonly productId?: string
  readonly sku?: string
  readonly available?: string
  readonly endpointId?: string
  readonly reason?: string
}

/** One message of one event, by one channel, to one recipient. It holds nothing that tells of a person but ids. */
export type Delivery = {
  readonly id: DeliveryId
  readonly eventId: string
  readonly kind: Kind
  readonly channel: Channel
  readonly recipient: Recipient
  readonly refs: Refs
  readonly status: DeliveryStatus
  /** Times that its sending was begun. */
  readonly attempts: number
  /** Why it is not sent; empty when there is nothing to say. */
  readonly failure: string
  /** Counts the writes. */
  readonly revision: number
  /** Counts the events. */
  readonly version: number
  /** When it is to be sent. */
  readonly nextAt: Date
  /** Until then it is in the hands of a worker. */
  readonly leaseUntil: Date | undefined
  readonly trace: Trace
  readonly readAt: Date | undefined
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type DeliveryEvent = { readonly type: 'sent' | 'failed' | 'unknown'; readonly delivery: Delivery }

export type DeliveryChange = { readonly state: Delivery; readonly events: readonly DeliveryEvent[] }

/** From here on the message may have been sent, whatever happens to this process. */
export const beginSending = (delivery: Delivery, at: Date, leaseUntil: Date): DeliveryChange =>
  silent({ ...move(delivery, 'sending', at), attempts: delivery.attempts + 1, leaseUntil, failure: '' })

export const markSent = (delivery: Delivery, at: Date): DeliveryChange =>
  told('sent', { ...move(delivery, 'sent', at), failure: '' })

/** Nothing was sent, and nothing will be by itself. */
export const fail = (delivery: Delivery, failure: string, at: Date): DeliveryChange =>
  told('failed', { ...move(delivery, 'failed', at), failure })

/** Nobody knows whether it was sent. */
export const lose = (delivery: Delivery, failure: string, at: Date): DeliveryChange =>
  told('unknown', { ...move(delivery, 'unknown', at), failure })

/** Nothing is to be sent, because nobody wants it or there is nobody any more. */
export const skip = (delivery: Delivery, failure: string, at: Date): DeliveryChange =>
  silent({ ...move(delivery, 'skipped', at), failure })

/** Nothing was sent, and it is tried again later: not before `afterMs`, where somebody has asked for that. */
export function putOff(delivery: Delivery, failure: string, at: Date, afterMs = 0): DeliveryChange {
  const waitMs = Math.max(delayMs(delivery), afterMs)
  return silent({ ...move(delivery, 'queued', at), failure, nextAt: new Date(at.getTime() + waitMs) })
}

/** Staff send it again. What is being sent may still be answered for. */
export function requeue(delivery: Delivery, at: Date): DeliveryChange {
  if (delivery.status === 'sending') throw refusedMove(delivery, 'queued')
  return silent({ ...move(delivery, 'queued', at), failure: '', attempts: 0, nextAt: at })
}

const delays = [5, 30, 120, 600, 1_800] as const
const longestDelay = 3_600

/** Grows with the attempts, up to an hour. */
const delayMs = ({ attempts }: Delivery): number =>
  (delays[Math.max(0, attempts - 1)] ?? longestDelay) * 1_000

function move(delivery: Delivery, status: DeliveryStatus, at: Date): Delivery {
  const allowed: readonly DeliveryStatus[] = transitions[delivery.status]
  if (!allowed.includes(status)) throw refusedMove(delivery, status)
  const revision = delivery.revision + 1
  return { ...delivery, status, revision, leaseUntil: undefined, updatedAt: at }
}

const refusedMove = (delivery: Delivery, status: DeliveryStatus): Refusal =>
  new Refusal(
    'conflict',
    `notification.${delivery.status}`,
    `a delivery that is ${delivery.status} cannot become ${status}`,
  )

const silent = (state: Delivery): DeliveryChange => ({ state, events: [] })

function told(type: DeliveryEvent['type'], moved: Delivery): DeliveryChange {
  const state = { ...moved, version: moved.version + 1 }
  return { state, events: [{ type, delivery: state }] }
}
