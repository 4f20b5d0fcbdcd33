/**
 * A payment as its provider sees it at one moment. All amounts are in our minor units of the snapshot's currency, and
 * cumulative: two snapshots of the same payment are compared by subtraction. Snapshots may come out of order.
 */
export type PaymentSnapshot = {
  /** The provider's id of the payment. */
  readonly ref: string
  /** Our id of the payment; undefined for one that was not made by us. */
  readonly ourId: string | undefined
  readonly method: string
  readonly state: SnapshotState
  /** Where the customer must go, while the state is `action_required`. */
  readonly actionUrl: string | undefined
  /** As the provider has it, which may not be what we asked for. */
  readonly currency: string
  readonly amountMinor: bigint
  /** Held for us and not captured yet. Falls to 0 when the authorization is captured finally, voided or lapsed. */
  readonly authorizedMinor: bigint
  /** When the provider gives the authorization back by itself. */
  readonly authorizedUntil: Date | undefined
  readonly captures: readonly CaptureSnapshot[]
  readonly refunds: readonly RefundSnapshot[]
  readonly disputes: readonly DisputeSnapshot[]
  /** Why the state is `failed`. */
  readonly failure: { readonly code: string; readonly message: string } | undefined
}

/**
 * `expired`: the customer never came. `lapsed`: an authorization ended without a capture. A provider that says
 * `canceled` for a void, a lapse and an expiry alike is told apart by whether it was authorized.
 */
export type SnapshotState =
  | 'action_required'
  | 'processing'
  | 'authorized'
  | 'captured'
  | 'failed'
  | 'canceled'
  | 'expired'
  | 'voided'
  | 'lapsed'

export type CaptureSnapshot = {
  /**
   * The provider's own id. Where several captures share one charge, it is the charge's, and its amount grows: the
   * difference to what was recorded under the id is the new capture.
   */
  readonly id: string
  /** The id of our operation, where the provider keeps one. */
  readonly ourId: string | undefined
  readonly status: 'pending' | 'succeeded' | 'failed'
  /** Everything captured under this id so far. Counts as money only when `succeeded`. */
  readonly cumulativeMinor: bigint
}

export type RefundSnapshot = {
  readonly id: string
  /** Our id of the refund; undefined for one that was made at the provider's dashboard. */
  readonly ourId: string | undefined
  /** `failed` may follow `succeeded`: the money came back to us. */
  readonly status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled'
  /** An amount never changes under an id. */
  readonly amountMinor: bigint
  readonly failure: string | undefined
}

export type DisputeSnapshot = {
  readonly id: string
  /** `inquiry` takes no money yet, and `closed` is the end of one that never did. */
  readonly status: 'inquiry' | 'opened' | 'won' | 'lost' | 'closed'
  readonly amountMinor: bigint
  /** What the provider has taken back from us under this id now. It falls to 0 again when we win. */
  readonly withdrawnMinor: bigint
}
