import type { PaymentId, RefundId } from './ids.ts'

/** What we have decided to ask a provider for. It is stored before the provider is asked. */
export type Operation = {
  /** The provider's idempotency key is made of it and the attempt. */
  readonly id: string
  readonly kind: OperationKind
  readonly paymentId: PaymentId
  /** Of a refund: the refund, whose id is the operation's too. */
  readonly refundId: RefundId | undefined
  /** Of a capture and a refund. */
  readonly amountMinor: bigint
  readonly isFinal: boolean
  readonly status: OperationStatus
  /** Counts from 1; it grows only after a definite failure. */
  readonly attempt: number
  /** Of this attempt. Undefined: no provider has been asked. */
  readonly firstTriedAt: Date | undefined
  /** The last call of this attempt; looking it up is none. */
  readonly lastTriedAt: Date | undefined
  /** Calls and look-ups of this attempt. */
  readonly tries: number
  readonly nextAt: Date
  readonly error: string
}

export type OperationKind = 'create' | 'capture' | 'void' | 'refund'
/** `staff`: nobody can say what became of it, or it has failed too often. */
export type OperationStatus = 'waiting' | 'done' | 'canceled' | 'failed' | 'staff'

export const isWaiting = ({ status }: Operation): boolean => status === 'waiting'
/** A provider may know of it, so it can't be taken back here. */
export const isSent = ({ firstTriedAt }: Operation): boolean => firstTriedAt !== undefined

/** The provider is being asked. */
export const triedOnce = (operation: Operation, at: Date): Operation => ({
  ...operation,
  firstTriedAt: operation.firstTriedAt ?? at,
  lastTriedAt: at,
  tries: operation.tries + 1,
})

/** What to do next about an operation that is due. */
export type Step = 'call' | 'look' | 'staff'

export type StepRules = {
  /** So long the same key never does a thing twice. */
  readonly keyLifetimeMs: number
  /** After this time without a clear answer somebody has to look at it. */
  readonly givenUpAfterMs: number
}

/** After so many calls without a clear answer it is looked up: a provider repeats its own failures under the same key. */
const callsBeforeLook = 3

/**
 * The same call with the same key, as long as the provider remembers keys; then it is only asked what became of it. An
 * attempt to pay that the order has no use for any more is not repeated either.
 */
export function stepOf(operation: Operation, gateIsOpen: boolean, now: Date, rules: StepRules): Step {
  const { kind, firstTriedAt, tries } = operation
  if (firstTriedAt === undefined) return 'call'
  const ageMs = now.getTime() - firstTriedAt.getTime()
  if (ageMs >= rules.givenUpAfterMs) return 'staff'
  const isStale = ageMs >= rules.keyLifetimeMs || (kind === 'create' && !gateIsOpen)
  return isStale || tries % (callsBeforeLook + 1) === callsBeforeLook ? 'look' : 'call'
}

/** Before the next try of what had no clear answer: a second, doubling up to ten minutes. */
export function delayMs(tries: number): number {
  return Math.min(600_000, 1_000 * 2 ** Math.max(0, Math.min(tries - 1, 16)))
}
