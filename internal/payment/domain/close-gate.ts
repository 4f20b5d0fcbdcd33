import { isCovered, isOpenAttempt, waitingOf, type Account, type Gate, type Payment } from './account.ts'
import { newGate, withGate } from './gate.ts'
import type { NewId, OrderId } from './ids.ts'
import { observePhase } from './observe.ts'
import { isSent, isWaiting } from './operation.ts'
import { settle } from './settle.ts'

export type Closing = {
  readonly orderId: OrderId
  readonly reason: string
  /** Undefined: a covered gate stays open. */
  readonly refund: 'full' | 'none' | undefined
  readonly keepMinor: bigint
  /** The order has ended already: nothing is waited for, and what still comes is late. */
  readonly isOver?: boolean
}

export type CloseOutcome = 'uncovered' | 'covered' | 'pending'
export type Closed = { readonly account: Account; readonly outcome: CloseOutcome }

/** After its own end an attempt may bring money for so long. */
export const graceMs = 10 * 60_000

/** The end of an order begins: no attempt begins and no capture is ordered any more. Idempotent. */
export function closeGate(account: Account | undefined, closing: Closing, at: Date, newId: NewId): Closed {
  if (!account) return { account: tombstone(closing, at), outcome: 'uncovered' }
  if (account.gate.status === 'closed')
    return { account: withoutWaiting(account, closing, at, newId), outcome: outcomeOf(account.gate) }
  const stopped = takeBackUnsent(account, at)
  const covered = isCovered(stopped)
  const { refund, reason, keepMinor } = closing
  if (covered && refund === undefined)
    return {
      account: settle(withGate(stopped, { status: 'open', reason: '' }, at), at, newId),
      outcome: 'covered',
    }
  if (!covered && !closing.isOver && stopped.payments.some((payment) => mayStillBring(stopped, payment, at)))
    return {
      account: settle(withGate(stopped, { status: 'closing', reason }, at), at, newId),
      outcome: 'pending',
    }
  const closed = withGate(
    stopped,
    { status: 'closed', reason, keepMinor, keepsMoney: refund === 'none', closedCovered: covered },
    at,
  )
  return { account: settle(closed, at, newId), outcome: covered ? 'covered' : 'uncovered' }
}

/**
 * An attempt that is not called back, or is in the provider's hands, may succeed. One that ended by itself some time ago
 * is not waited for; what it brings is late money.
 */
function mayStillBring(account: Account, payment: Payment, at: Date): boolean {
  if (waitingOf(account, payment).some((operation) => isSent(operation) && operation.kind === 'create'))
    return true
  if (!isOpenAttempt(payment)) return false
  return payment.endsAt === undefined || at.getTime() < payment.endsAt.getTime() + graceMs
}

/** What no provider has been asked for is off. */
function takeBackUnsent(account: Account, at: Date): Account {
  const unsent = account.operations.filter(
    (operation) =>
      isWaiting(operation) && !isSent(operation) && ['create', 'capture'].includes(operation.kind),
  )
  const operations = account.operations.map((operation) =>
    unsent.includes(operation) ? { ...operation, status: 'canceled' as const } : operation,
  )
  const created = new Set(unsent.filter(({ kind }) => kind === 'create').map(({ paymentId }) => paymentId))
  const offline = account.payments.filter(
    (payment) => payment.provider === 'offline' && isOpenAttempt(payment),
  )
  const ended = account.payments.filter((payment) => created.has(payment.id) || offline.includes(payment))
  const stopped: Account = { ...account, operations }
  return ended.reduce((all, payment) => observePhase(all, payment, 'canceled', at), stopped)
}

/** The order will not be revived: its late money goes back at once. */
function withoutWaiting(account: Account, { refund }: Closing, at: Date, newId: NewId): Account {
  if (refund !== 'full' || account.gate.lateUntil === undefined) return account
  return settle(withGate(account, { lateUntil: at }, at), at, newId)
}

const outcomeOf = ({ closedCovered }: Gate): CloseOutcome => (closedCovered ? 'covered' : 'uncovered')

function tombstone({ orderId, reason }: Closing, at: Date): Account {
  return {
    gate: { ...newGate(orderId, at), status: 'closed', reason },
    payments: [],
    refunds: [],
    operations: [],
  }
}
