import type { Brand } from '../../platform/brand.ts'
import type { LineId, OrderId, ProductId } from './order.ts'

// What leaves the shop, and its states.

export type ShipmentId = Brand<string, 'ShipmentId'>

const transitions = {
  packed: ['shipped', 'canceled'],
  shipped: ['delivered', 'lost', 'returned'],
  lost: ['delivered', 'resent'],
  delivered: [],
  returned: ['resent'],
  resent: [],
  canceled: [],
} as const

export type ShipmentStatus = keyof typeof transitions

export const shipmentStatuses = Object.keys(transitions) as readonly ShipmentStatus[]
export const shipmentTransitions: Readonly<Record<ShipmentStatus, readonly ShipmentStatus[]>> = transitions

/** What staff say of a parcel. It is resent by what they do. */
export type SaidStatus = Exclude<ShipmentStatus, 'resent'>
export const saidStatuses = shipmentStatuses.filter((status) => status !== 'resent')

export type ShipmentLine = {
  readonly lineId: LineId
  readonly productId: ProductId
  readonly quantity: number
}

/** How the parcel travels; empty where nobody has said. */
export type Carriage = {
  readonly carrier: string
  readonly trackingNumber: string
  readonly trackingUrl: string
}

/** The parcel is to leave again as this one, for which the inventory is asked for goods. */
export type Resending = Carriage & { readonly id: ShipmentId; readonly since: Date }

export type Shipment = Carriage & {
  readonly id: ShipmentId
  readonly orderId: OrderId
  readonly status: ShipmentStatus
  readonly lines: readonly ShipmentLine[]
  /** There is one entry for each version. */
  readonly history: readonly { readonly status: ShipmentStatus; readonly at: Date }[]
  readonly version: number
  /** The parcel in whose place it leaves. */
  readonly replaces: ShipmentId | undefined
  readonly resending: Resending | undefined
  /** With it the order came to less, and the payments have not yet said that they know. */
  readonly awaitingMoney: boolean
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Each change of status is one event. */
export type ShipmentEvent = { readonly type: ShipmentStatus; readonly shipment: Shipment }
