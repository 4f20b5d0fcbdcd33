import type { Money } from '../../platform/money.ts'
import type { Method, MethodId } from '../domain/payment-method.ts'
import type { PaymentSnapshot, RefundSnapshot } from '../domain/payment-snapshot.ts'

/**
 * A provider of payments. No call is made inside a transaction, and each call's intent is stored before it is made.
 *
 * A call never throws for what a provider or the network does. It answers with one of three kinds of knowledge:
 * - what is true now, as a snapshot;
 * - `declined`: the provider has answered, and nothing was done or will be. A further try takes the next attempt number;
 * - `unknown`: it may have been done, or may still be done. The right answers are the same call with the same key while
 *   the provider remembers keys, and `find` (a create) or `read` (all others). When these say that it is not there, and
 *   `callEndsAfterMs` has passed since the last call, it was not done, and the next attempt number is allowed. Providers
 *   repeat stored failures under the same key, so the key alone may never tell. Last, staff decide.
 */
export type Provider = {
  /** Lower case, part of the address of its webhooks: `stripe`, `mollie`. */
  readonly name: string
  readonly methods: readonly Method[]
  /**
   * The same key within this time after its first use never does a thing twice. It is shorter than what the provider
   * documents. A provider also repeats a stored failure under the same key, even a failure of its own.
   */
  readonly keyLifetimeMs: number
  /**
   * A call that timed out here may be carried out there until this time after its start. An `absent` of `find` before
   * that is not yet the truth.
   */
  readonly callEndsAfterMs: number
  readonly create: (call: CreateCall) => Promise<CreateResult>
  readonly capture: (call: CaptureCall) => Promise<CaptureResult>
  /** Cancels an open attempt, or gives an authorization back. What was captured stays and is refunded instead. */
  readonly void: (call: VoidCall) => Promise<VoidResult>
  readonly refund: (call: RefundCall) => Promise<RefundResult>
  /** What is true of a payment, by the provider's id of it. */
  readonly read: (ref: string) => Promise<ReadResult>
  /** What became of a create, by our id of the payment. */
  readonly find: (ourId: string, calls: Between) => Promise<ReadResult>
  /** The provider's ids of all payments that were made, refunded or disputed in this time; a page at a time. */
  readonly touched: (between: Between, cursor?: string) => Promise<TouchedResult>
  /** `rawBody` are the bytes as they came: a signature is about them. */
  readonly parseWebhook: (headers: WebhookHeaders, rawBody: Uint8Array) => Promise<Webhook>
}

/** Names one try of one of our operations. The provider's idempotency key is made from it. */
export type CallKey = {
  /** The id of our payment, capture, void or refund: whatever row holds the intent. */
  readonly operationId: string
  /** Counts from 1. It grows only after a definite failure. */
  readonly attempt: number
}

/**
 * All of it is frozen with the intent: the same key with other parameters is an error at every provider, so a repeated
 * call must not read anything again that may have changed, such as a setting.
 */
export type CreateCall = {
  readonly key: CallKey
  /** Our id of the payment; the provider keeps it with the payment, and `find` finds it again. */
  readonly ourId: string
  readonly orderId: string
  readonly money: Money
  readonly method: MethodId
  /** What stands for the customer's card, made by the provider's own form. Never a card number. */
  readonly token: string | undefined
  /** Where the customer comes back to from the provider's page. */
  readonly returnUrl: string | undefined
  /** Where a provider is to send webhooks that wants to be told with each payment; others ignore it. */
  readonly notifyUrl: string | undefined
  readonly capture: 'at-once' | 'later'
  /** What the customer reads at the provider, without personal data. */
  readonly description: string
}

export type CaptureCall = {
  readonly key: CallKey
  readonly ref: string
  readonly money: Money
  /** The rest of the authorization is given back. Always true where the method can be captured once. */
  readonly isFinal: boolean
}

export type VoidCall = { readonly key: CallKey; readonly ref: string; readonly reason: string }

export type RefundCall = {
  readonly key: CallKey
  /** Our id of the refund, which the provider keeps with it. */
  readonly ourId: string
  readonly ref: string
  readonly money: Money
  readonly reason: string
}

/** The times of the first and the last call of an operation, or any other time to look through. */
export type Between = { readonly from: Date; readonly to: Date }

/** Definite: nothing was done. */
export type Declined = {
  readonly kind: 'declined'
  /** For customers and for code. */
  readonly code: DeclineCode
  /** The provider's own word, for staff. A shop must not tell customers that a card is reported as stolen. */
  readonly providerCode: string
  readonly message: string
  /** The declined attempt, where the provider keeps one. */
  readonly payment: PaymentSnapshot | undefined
}

export type DeclineCode =
  | 'declined'
  | 'insufficient-funds'
  | 'expired-card'
  | 'incorrect-cvc'
  | 'incorrect-number'
  | 'authentication-failed'
  | 'processing-error'
  | 'amount-not-possible'
  /** The payment is not in a state for it: it was captured, canceled or refunded before. `read` says what is true. */
  | 'not-possible-now'
  /** The provider knows no such payment. */
  | 'not-found'
  /** The request or the keys are wrong. It is a fault of ours, not of the customer, and an operator must see it. */
  | 'provider-refused'

export type Unknown = {
  readonly kind: 'unknown'
  readonly reason: string
  /**
   * `did-nothing`: the provider was not reached, or turned this call away at its door (a wrong key, too many calls). An
   * earlier call with the same key may have been carried out all the same; if there was none, nothing was done.
   */
  readonly thisCall: 'did-nothing' | 'may-have-done'
}

export type CreateResult =
  | { readonly kind: 'authorized' | 'captured' | 'pending'; readonly payment: PaymentSnapshot }
  | { readonly kind: 'requiresAction'; readonly url: string; readonly payment: PaymentSnapshot }
  | Declined
  | Unknown

/** `pending`: the provider has accepted it, and a later `read` tells its end. */
export type CaptureResult =
  { readonly kind: 'captured' | 'pending'; readonly payment: PaymentSnapshot } | Declined | Unknown

export type VoidResult =
  { readonly kind: 'voided' | 'pending'; readonly payment: PaymentSnapshot } | Declined | Unknown

export type RefundResult =
  | { readonly kind: 'succeeded' | 'pending' | 'requiresAction'; readonly refund: RefundSnapshot }
  | Declined
  | Unknown

export type ReadResult =
  { readonly kind: 'found'; readonly payment: PaymentSnapshot } | { readonly kind: 'absent' } | Unknown

export type TouchedResult =
  { readonly kind: 'page'; readonly refs: readonly string[]; readonly next: string | undefined } | Unknown

export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** A webhook is a hint to `read` and never says by itself what is true. */
export type Webhook =
  | {
      readonly kind: 'hint'
      /** Undefined where the provider gives its messages no id: then the same message may say something new. */
      readonly eventId: string | undefined
      /** The provider's id of the payment that is to be read. */
      readonly ref: string
      /** The provider's name of what has happened, for people only. */
      readonly what: string
      /** What the payment has taken in all, where the message is about nothing else. If that is known, nothing is new. */
      readonly captured?: Money | undefined
    }
  /** Genuine, and about nothing that concerns payments. */
  | { readonly kind: 'ignored'; readonly eventId: string | undefined; readonly what: string }
  /** Unsigned, altered, too old, or no webhook at all. */
  | { readonly kind: 'forged'; readonly reason: string }
