import type { Behaviour, Failure } from './test-methods.ts'

/** Which provider's API a payment was made through. Each has its own ids, units, methods and rules. */
export type Dialect = 'stripe' | 'mollie'

/** Amounts are whole numbers in the units of the provider, as they stand in its API, and always safe integers. */
export type Payment = {
  readonly ref: string
  readonly dialect: Dialect
  readonly metadata: Readonly<Record<string, string>>
  readonly description: string
  readonly method: string
  readonly behaviour: Behaviour
  readonly currency: string
  readonly amount: number
  readonly captureLater: boolean
  readonly canCaptureOften: boolean
  readonly status: PaymentStatus
  readonly returnUrl: string
  /** Where Mollie's webhooks go; Stripe's go to the endpoint of the account. */
  readonly notifyUrl: string
  /** Empty until the customer's bank has said yes. */
  readonly chargeId: string
  /** What is held and not captured. */
  readonly authorized: number
  readonly captures: readonly Capture[]
  readonly refunds: readonly Refund[]
  readonly disputes: readonly Dispute[]
  readonly failure: Failure | undefined
  readonly createdAt: number
  /** When something changes by itself: an open attempt ends, an authorization lapses, a refund is decided. */
  readonly wakeAt: number | undefined
}

export type PaymentStatus =
  'action_required' | 'authorized' | 'captured' | 'failed' | 'canceled' | 'expired' | 'lapsed'

export type Capture = {
  readonly id: string
  readonly amount: number
  readonly at: number
  readonly metadata: Readonly<Record<string, string>>
}

export type Refund = {
  readonly id: string
  readonly amount: number
  readonly status: 'pending' | 'succeeded' | 'failed' | 'canceled'
  readonly at: number
  readonly metadata: Readonly<Record<string, string>>
  /** What it becomes by itself, when `wakeAt` of the payment has come. */
  readonly becomes: 'succeeded' | 'failed' | undefined
}

export type DisputeStatus = 'inquiry' | 'opened' | 'won' | 'lost' | 'closed'

export type Dispute = {
  readonly id: string
  readonly amount: number
  readonly status: DisputeStatus
  readonly reason: string
  readonly at: number
}

/** What has happened; Stripe tells it by its own names, and Mollie only that something has. */
export type FactType =
  | 'created'
  | 'action_required'
  | 'authorized'
  | 'captured'
  | 'failed'
  | 'canceled'
  | 'refund.created'
  | 'refund.updated'
  | 'refund.failed'
  | 'dispute.created'
  | 'dispute.closed'

export type Fact = { readonly type: FactType; readonly id: string }

export type Change = { readonly payment: Payment; readonly facts: readonly Fact[] }

/** What a step needs besides the payment. */
export type Moment = { readonly now: number; readonly newId: (prefix: string) => string }

/** The provider says no to a call, by these words of its own. */
export class Denied extends Error {
  readonly status: number
  readonly type: string
  readonly code: string
  /** A call that only had the wrong form was never carried out, so its answer is not kept under its key. */
  readonly isKept: boolean
  readonly failure: Failure | undefined
  readonly ref: string

  constructor(
    status: number,
    code: string,
    message: string,
    more: {
      readonly type?: string
      readonly isKept?: boolean
      readonly failure?: Failure
      readonly ref?: string
    } = {},
  ) {
    super(message)
    this.name = 'Denied'
    this.status = status
    this.code = code
    this.type = more.type ?? 'invalid_request_error'
    this.isKept = more.isKept ?? true
    this.failure = more.failure
    this.ref = more.ref ?? ''
  }
}

export const captured = ({ captures }: Payment): number => sumOf(captures)

/** What was given back or is under way. */
export const refunded = ({ refunds }: Payment): number =>
  sumOf(refunds.filter(({ status }) => status === 'pending' || status === 'succeeded'))

/** What disputes have taken. */
export const disputed = ({ disputes }: Payment): number =>
  sumOf(disputes.filter(({ status }) => status === 'opened' || status === 'lost'))

function sumOf(parts: readonly { readonly amount: number }[]): number {
  return parts.reduce((sum, { amount }) => sum + amount, 0)
}
