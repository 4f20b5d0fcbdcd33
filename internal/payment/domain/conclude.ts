import { withOperation, type Account, type Refund, type RefundStatus } from './account.ts'
import type { NewId } from './ids.ts'
import { observe, observePhase, observeRefund } from './observe.ts'
import { delayMs, isWaiting, type Operation, type OperationStatus } from './operation.ts'
import type { PaymentSnapshot, RefundSnapshot } from './payment-snapshot.ts'

/** What came of asking a provider, as far as the books are concerned. */
export type Outcome = {
  readonly kind: 'done' | 'declined' | 'unknown' | 'not-done' | 'staff'
  readonly payment?: PaymentSnapshot | undefined
  readonly refund?: RefundSnapshot | undefined
  /** Why it was declined or is not known. */
  readonly code?: string
  readonly message?: string
  /** The provider was not reached, or has turned the call away. */
  readonly didNothing?: boolean
  /** Of `not-done`: this is true from then on, because an earlier call may still be carried out. */
  readonly trueFrom?: Date
}

/** A definite failure is tried again so often, each time under a new attempt number. */
export const maxAttempts = 5

/** Records an answer. Somebody else may have concluded the operation meanwhile; what was said counts all the same. */
export function conclude(
  account: Account,
  asked: Operation,
  outcome: Outcome,
  at: Date,
  newId: NewId,
): Account {
  const { payment, refund } = outcome
  const seen = payment ? observe(account, asked.paymentId, payment, at, newId) : account
  const currency = account.payments.find(({ id }) => id === asked.paymentId)?.currency ?? ''
  const told = refund ? observeRefund(seen, asked.paymentId, refund, currency, at, newId) : seen
  const operation = told.operations.find(({ id }) => id === asked.id)
  if (!operation || !isWaiting(operation) || operation.attempt !== asked.attempt) return told
  return conclusions[outcome.kind](told, operation, outcome, at)
}

type Conclusion = (account: Account, operation: Operation, outcome: Outcome, at: Date) => Account

const conclusions: Readonly<Record<Outcome['kind'], Conclusion>> = {
  done: (account, operation) => end(account, operation, 'done', ''),
  declined: decline,
  unknown: (account, operation, { message = '', didNothing = false }, at) => {
    const wasNeverSent = didNothing && operation.tries <= 1 && operation.attempt === 1
    const again = { ...operation, nextAt: after(at, delayMs(operation.tries)), error: message }
    const waiting = wasNeverSent ? { ...again, firstTriedAt: undefined, lastTriedAt: undefined } : again
    const kept = withOperation(account, waiting)
    if (wasNeverSent) return kept
    return operation.kind === 'create'
      ? phase(kept, operation, 'unknown', at)
      : refundBecomes(kept, operation, 'unknown', ['requested'])
  },
  'not-done': notDone,
  staff: (account, operation, { message = 'no clear answer' }) => giveUp(account, operation, message),
}

function decline(account: Account, operation: Operation, outcome: Outcome, at: Date): Account {
  const { code = 'declined', message = '' } = outcome
  const error = `${code} ${message}`.trim()
  if (operation.kind === 'create') {
    const failed = phase(end(account, operation, 'failed', error), operation, 'failed', at)
    return withFailure(failed, operation, { code, message })
  }
  if (operation.kind === 'void') return end(account, operation, 'failed', error)
  return again(account, operation, error, at)
}

/** It is certain that nothing was done, and nothing will be. */
function notDone(account: Account, operation: Operation, { trueFrom = at0 }: Outcome, at: Date): Account {
  if (at < trueFrom)
    return withOperation(account, { ...operation, nextAt: trueFrom, error: 'not found, so far' })
  const isUnwanted = operation.kind === 'create' && account.gate.status !== 'open'
  if (isUnwanted)
    return phase(end(account, operation, 'canceled', 'not wanted any more'), operation, 'canceled', at)
  return again(account, operation, 'it was not done', at)
}

const at0 = new Date(0)

function again(account: Account, operation: Operation, error: string, at: Date): Account {
  if (operation.attempt >= maxAttempts) return giveUp(account, operation, error)
  const known = refundBecomes(account, operation, 'requested', ['unknown'])
  return withOperation(known, {
    ...operation,
    attempt: operation.attempt + 1,
    ...{ firstTriedAt: undefined, lastTriedAt: undefined, tries: 0 },
    ...{ nextAt: after(at, delayMs(operation.attempt)), error },
  })
}

/** Somebody has to look at it. A refund keeps its amount reserved; an attempt to pay may still bring money. */
function giveUp(account: Account, operation: Operation, error: string): Account {
  return refundBecomes(end(account, operation, 'staff', error), operation, 'failed', ['requested', 'unknown'])
}

/** What we know of a refund, as long as its provider has said nothing of it. */
function refundBecomes(
  account: Account,
  { refundId }: Operation,
  status: RefundStatus,
  from: readonly RefundStatus[],
): Account {
  const isMeant = ({ id, status: before }: Refund): boolean => id === refundId && from.includes(before)
  if (!account.refunds.some(isMeant)) return account
  const refunds = account.refunds.map((refund) => (isMeant(refund) ? { ...refund, status } : refund))
  return { ...account, refunds }
}

const end = (account: Account, operation: Operation, status: OperationStatus, error: string): Account =>
  withOperation(account, { ...operation, status, error })

function phase(
  account: Account,
  { paymentId }: Operation,
  name: 'unknown' | 'failed' | 'canceled',
  at: Date,
): Account {
  const payment = account.payments.find(({ id }) => id === paymentId)
  return payment ? observePhase(account, payment, name, at) : account
}

const withFailure = (
  account: Account,
  { paymentId }: Operation,
  failure: { readonly code: string; readonly message: string },
): Account => ({
  ...account,
  payments: account.payments.map((payment) => (payment.id === paymentId ? { ...payment, failure } : payment)),
})

const after = (date: Date, ms: number): Date => new Date(date.getTime() + ms)
