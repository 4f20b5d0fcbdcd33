import type { Account } from '../domain/account.ts'
import type { Money } from '../../platform/money.ts'
import type { OrderId, PaymentId } from '../domain/ids.ts'

/** When a payment is read next, and how often that has been planned; undefined: it is final at its provider. */
export type ReadingPlan = {
  readonly at: Date | undefined
  readonly reads: number
  readonly soonAt: Date | undefined
}

export type InboxRow = {
  readonly id: string
  readonly provider: string
  readonly eventId: string | undefined
  readonly resource: string
  readonly receivedAt: Date
  what: string
  captured: Money | undefined
  status: 'received' | 'done' | 'ignored' | 'dead'
  seen: number
  done: number
  tries: number
  nextAt: Date
  error: string
}

export type ComparisonRow = { from: Date; to: Date; nextAt: Date; cursor: string | undefined }

/** What stands in for the payments' tables in memory. */
export type PaymentTables = {
  readonly accounts: Map<OrderId, Account>
  /** Until when somebody has an operation. */
  readonly leases: Map<string, Date>
  readonly readings: Map<PaymentId, ReadingPlan>
  readonly inbox: InboxRow[]
  readonly suspense: Map<string, { readonly amountMinor: bigint; readonly currency: string }>
  readonly comparisons: Map<string, ComparisonRow>
}

export const newPaymentTables = (): PaymentTables => ({
  ...{ accounts: new Map(), leases: new Map(), readings: new Map() },
  ...{ inbox: [], suspense: new Map(), comparisons: new Map() },
})
