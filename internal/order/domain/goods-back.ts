import type { Brand } from '../../platform/brand.ts'
import type { LineId, OrderId, ProductId } from './order.ts'

// What comes back to the shop, and its states.

export type ReturnId = Brand<string, 'ReturnId'>

const transitions = {
  requested: ['approved', 'declined', 'canceled'],
  approved: ['received', 'expired'],
  received: ['refunded', 'refused'],
  refunded: ['closed'],
  refused: ['closed'],
  declined: [],
  canceled: [],
  expired: [],
  closed: [],
} as const

export type ReturnState = keyof typeof transitions

export const returnStates = Object.keys(transitions) as readonly ReturnState[]
export const returnTransitions: Readonly<Record<ReturnState, readonly ReturnState[]>> = transitions

export type ReturnLine = {
  readonly lineId: LineId
  readonly productId: ProductId
  readonly quantity: number
  readonly reason: string
  /** Of those that were received. What is in neither never came. */
  readonly resellable: number
  readonly damaged: number
}

export type ReturnMoney = 'none' | 'due' | 'ordered'

export type Return = {
  readonly id: ReturnId
  readonly orderId: OrderId
  /** Counts the returns of the order, from 1. */
  readonly returnNo: number
  readonly status: ReturnState
  /** The customer has withdrawn from the contract in time. */
  readonly isWithdrawal: boolean
  readonly lines: readonly ReturnLine[]
  /** There is one entry for each version. */
  readonly history: readonly { readonly status: ReturnState; readonly at: Date }[]
  readonly version: number
  /** Received, and the inventory has not yet said that the goods are booked. */
  readonly awaitingStock: boolean
  /** due: it was decided that the money for its goods goes back. ordered: the payments have been told. */
  readonly money: ReturnMoney
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Each change of status is one event. */
export type ReturnEvent = { readonly type: ReturnState; readonly return: Return }
