import type { Change } from '../../../platform/change.ts'
import type { NewDecision, Shortage, StockLine } from './allocate.ts'
import type { OrderId } from '../../domain/ids.ts'

const transitions = {
  held: ['released'],
  rejected: [],
  released: [],
} as const

export type ReservationStatus = keyof typeof transitions

/** What was decided for an order, kept for ever: the answer to every repetition of the question. */
export type Reservation = {
  readonly orderId: OrderId
  readonly status: ReservationStatus
  /** Held for the order; none once it is released. */
  readonly lines: readonly StockLine[]
  /** Why it was rejected. */
  readonly shortages: readonly Shortage[]
  readonly version: number
}

export type ReservationEvent =
  | { readonly type: 'StockReserved'; readonly reservation: Reservation }
  | { readonly type: 'StockRejected'; readonly reservation: Reservation }
  /** `lines` is what came back. */
  | {
      readonly type: 'StockReleased'
      readonly reservation: Reservation
      readonly lines: readonly StockLine[]
    }

export type ReservationChange = Change<Reservation, ReservationEvent>

/** An order with an unknown product is not decided at all: nothing is kept of it. */
export function openReservation(decision: NewDecision): ReservationChange | undefined {
  const { orderId, outcome } = decision
  switch (outcome) {
    case 'held': {
      const state: Reservation = { orderId, status: 'held', lines: decision.lines, shortages: [], version: 1 }
      return { state, events: [{ type: 'StockReserved', reservation: state }] }
    }
    case 'rejected': {
      const { shortages } = decision
      const state: Reservation = { orderId, status: 'rejected', lines: [], shortages, version: 1 }
      return { state, events: [{ type: 'StockRejected', reservation: state }] }
    }
    case 'unknown-product':
      return undefined
  }
}

/**
 * What is held goes back. Before the order's reservation it leaves a tombstone, so that the late one holds nothing.
 * A rejected or released reservation stays as it is.
 */
export function release(orderId: OrderId, current: Reservation | undefined): ReservationChange {
  const empty: Reservation = { orderId, status: 'released', lines: [], shortages: [], version: 1 }
  if (!current) return { state: empty, events: [{ type: 'StockReleased', reservation: empty, lines: [] }] }
  const allowed: readonly ReservationStatus[] = transitions[current.status]
  if (!allowed.includes('released')) return { state: current, events: [] }
  const state: Reservation = { ...empty, version: current.version + 1 }
  return { state, events: [{ type: 'StockReleased', reservation: state, lines: current.lines }] }
}
