import {
  isCovered,
  isOffline,
  isOpenAttempt,
  statusOfPayment,
  uncoveredMinor,
  waitingOf,
  type Account,
  type Payment,
  type Refund,
} from './account.ts'
import { sharesOf, type Share } from './excess.ts'
import { withGate } from './gate.ts'
import type { NewId, PaymentId, RefundId } from './ids.ts'
import type { Operation, OperationKind } from './operation.ts'

/** A void that was done and did not help is ordered again so often; after that somebody has to look at it. */
const maxVoids = 3

/**
 * Orders what follows from what is known: captures of what is needed, and the way back for what is too much or not
 * needed any more. It is asked after each change and when time has passed, and repeats nothing that is under way.
 */
export function settle(account: Account, at: Date, newId: NewId): Account {
  const called = callBack(reopenCovered(account, at), at, newId)
  const { status, lateUntil } = called.gate
  if (status === 'closing') return called
  if (status === 'closed' && lateUntil !== undefined && at < lateUntil) return called
  const ready = lateUntil === undefined ? called : withGate(called, { lateUntil: undefined }, at)
  return sharesOf(ready).reduce((all, share) => settleShare(all, share, at, newId), ready)
}

/** The end of an order waits for its attempts; one that covers it calls the end off. */
function reopenCovered(account: Account, at: Date): Account {
  if (account.gate.status !== 'closing' || !isCovered(account)) return account
  return withGate(account, { status: 'open', reason: '' }, at)
}

function settleShare(account: Account, share: Share, at: Date, newId: NewId): Account {
  const { payment, wantedMinor, openMinor, excessMinor } = share
  const refunded =
    excessMinor > 0n ? giveBack(account, payment.id, excessMinor, reasonOf(account), at, newId) : account
  if (openMinor === 0n || waitingOf(account, payment).some(({ kind }) => kind !== 'refund')) return refunded
  if (wantedMinor === 0n)
    return mayVoid(refunded, share) ? order(refunded, payment, 'void', at, newId) : refunded
  return mayCapture(refunded, payment)
    ? order(refunded, payment, 'capture', at, newId, wantedMinor)
    : refunded
}

/** Somebody else has covered the order, or it is over. Money of another currency is left to staff. */
function mayVoid(account: Account, { payment }: Share): boolean {
  const isNeeded = account.gate.status === 'open' && uncoveredMinor(account) > 0n
  return !isNeeded && voidsOf(account, payment) < maxVoids
}

function mayCapture({ gate, operations }: Account, payment: Payment): boolean {
  const hasFailed = operations.some(
    ({ paymentId, kind, status }) =>
      paymentId === payment.id && kind === 'capture' && (status === 'failed' || status === 'staff'),
  )
  return (
    gate.status === 'open' &&
    (payment.capture === 'at-once' || gate.capture === 'at-once') &&
    !hasFailed &&
    !isBeingCaptured(operations, payment)
  )
}

/** The provider has accepted more than it has captured so far. */
function isBeingCaptured(operations: readonly Operation[], { id, entries }: Payment): boolean {
  const accepted = operations.filter(
    ({ paymentId, kind, status }) => paymentId === id && kind === 'capture' && status === 'done',
  )
  const told = new Set(
    entries.filter(({ kind }) => kind === 'captured' || kind === 'capture_failed').map(({ key }) => key),
  )
  return accepted.length > told.size
}

/** Attempts that are not wanted any more and wait for the customer, where the provider lets us. */
function callBack(account: Account, at: Date, newId: NewId): Account {
  const unwanted = account.payments.filter(
    (payment) =>
      (payment.isSuperseded || account.gate.status !== 'open') &&
      isOpenAttempt(payment) &&
      statusOfPayment(payment) === 'action_required' &&
      payment.isCancelable &&
      payment.ref !== undefined &&
      waitingOf(account, payment).length === 0 &&
      voidsOf(account, payment) < maxVoids,
  )
  return unwanted.reduce((all, payment) => order(all, payment, 'void', at, newId), account)
}

const voidsOf = ({ operations }: Account, { id }: Payment): number =>
  operations.filter(({ paymentId, kind }) => paymentId === id && kind === 'void').length

const reasonOf = ({ gate }: Account): string =>
  gate.status === 'closed' ? `order ${gate.reason}` : 'more than was due'

export function order(
  account: Account,
  payment: Payment,
  kind: OperationKind,
  at: Date,
  newId: NewId,
  amountMinor = 0n,
  isFinal = true,
): Account {
  const operation = newOperation(newId(), kind, payment.id, undefined, amountMinor, isFinal, at)
  return { ...account, operations: [...account.operations, operation] }
}

export function newOperation(
  id: string,
  kind: OperationKind,
  paymentId: PaymentId,
  refundId: RefundId | undefined,
  amountMinor: bigint,
  isFinal: boolean,
  at: Date,
): Operation {
  return {
    ...{ id, kind, paymentId, refundId, amountMinor, isFinal, status: 'waiting', attempt: 1 },
    ...{ firstTriedAt: undefined, lastTriedAt: undefined, tries: 0, nextAt: at, error: '' },
  }
}

/** A refund of what is too much: the order owes as much as before. */
export function giveBack(
  account: Account,
  paymentId: PaymentId,
  amountMinor: bigint,
  reason: string,
  at: Date,
  newId: NewId,
): Account {
  return addRefund(
    account,
    { paymentId, amountMinor, creditMinor: 0n, lines: [], reason, cause: '' },
    at,
    newId,
  )
}

export type WantedRefund = Pick<
  Refund,
  'paymentId' | 'amountMinor' | 'creditMinor' | 'lines' | 'reason' | 'cause'
>

/**
 * The refund reserves its amount from now on, and its operation asks the provider for it. Money that came to the bank has
 * no provider: staff pay it back.
 */
export function addRefund(account: Account, wanted: WantedRefund, at: Date, newId: NewId): Account {
  const id = newId() as RefundId
  const made = { status: 'requested', refs: {}, reference: '', createdAt: at, updatedAt: at } as const
  const refund: Refund = { ...wanted, id, ...made }
  const refunds = [...account.refunds, refund]
  if (isOffline(account, refund)) return { ...account, refunds }
  const operation = newOperation(id, 'refund', wanted.paymentId, id, wanted.amountMinor, true, at)
  return { ...account, refunds, operations: [...account.operations, operation] }
}
