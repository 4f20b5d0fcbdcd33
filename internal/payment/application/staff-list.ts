import type { Trace } from '../../platform/call.ts'
import type { OrderId, RefundId } from '../domain/ids.ts'
import type { RefundStatus } from '../domain/account.ts'

export type RefundFilter = {
  /** Undefined: all that are not over. */
  readonly status: RefundStatus | undefined
  readonly after: RefundId | undefined
  readonly limit: number
}

export type SuspenseMoney = {
  readonly provider: string
  readonly ref: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly foundAt: Date
}

type Note = (provider: string, ref: string, note: string, at: Date, trace?: Trace) => Promise<void>

/** What staff look through. */
export type StaffList = {
  readonly orderOfRefund: (id: RefundId) => Promise<OrderId | undefined>
  /** Oldest first. */
  readonly refunds: (
    filter: RefundFilter,
  ) => Promise<readonly { readonly id: RefundId; readonly orderId: OrderId }[]>
  /** Money that belongs to no payment of ours and that nobody has given back, oldest first. */
  readonly suspense: (limit: number) => Promise<readonly SuspenseMoney[]>
  /** How much waits for staff. */
  readonly waiting: () => Promise<{ readonly refunds: number; readonly suspense: number }>
  /** What was noted when it was resolved; empty while it is not. Undefined: there is no such money. */
  readonly noteOf: (provider: string, ref: string) => Promise<string | undefined>
  /** These do nothing when it was resolved before. */
  readonly noteAssigned: Note
  /** Nor when it has become a payment. */
  readonly noteGivenBack: Note
}
