import {
  foldOf,
  isMismatched,
  isOpenAttempt,
  statusOfPayment,
  type Account,
  type Payment,
} from './account.ts'

/** How an order's attempts to pay are, in one word. */
export type AttemptState = 'none' | 'open' | 'waiting' | 'processing' | 'failed'

export type Attempts = {
  readonly attempt: AttemptState
  /** Of an attempt that waits for its customer, or is in the hands of a bank; empty otherwise. */
  readonly method: string
  readonly mismatched: boolean
  readonly disputed: boolean
}

/** What orders are told of attempts. One that is processing says more than one that waits, and an open one more than its failure. */
export function attemptsOf({ payments }: Account): Attempts {
  const open = payments.filter((payment) => isOpenAttempt(payment) && !payment.isSuperseded)
  const processing = open.find((payment) => statusOfPayment(payment) === 'processing')
  const waiting = open.find((payment) => statusOfPayment(payment) === 'action_required')
  const told = processing ?? waiting
  return {
    attempt: told ? (processing ? 'processing' : 'waiting') : stateOf(open, payments),
    method: told?.method ?? '',
    mismatched: payments.some(isMismatched),
    disputed: payments.some(isDisputed),
  }
}

function stateOf(open: readonly Payment[], payments: readonly Payment[]): AttemptState {
  if (open.length > 0) return 'open'
  const newest = payments.at(-1)
  const hasFailed = newest !== undefined && !['authorized', 'captured'].includes(statusOfPayment(newest))
  return hasFailed ? 'failed' : 'none'
}

const isDisputed = (payment: Payment): boolean =>
  foldOf(payment).disputes.some(({ state }) => state === 'opened')
