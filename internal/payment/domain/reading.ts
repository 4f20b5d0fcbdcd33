import { foldOf, isOpenAttempt, waitingOf, type Account, type Payment } from './account.ts'

/** Its provider may still say something new of it that we wait for. */
export function needsReading(account: Account, payment: Payment): boolean {
  if (payment.ref === undefined) return false
  const { authorizedMinor, disputes } = foldOf(payment)
  const isUnderWay = account.refunds.some(
    ({ paymentId, status }) =>
      paymentId === payment.id && ['submitted', 'unknown', 'action_required'].includes(status),
  )
  return (
    isOpenAttempt(payment) ||
    authorizedMinor > 0n ||
    isUnderWay ||
    disputes.some(({ state }) => state === 'inquiry' || state === 'opened') ||
    waitingOf(account, payment).length > 0
  )
}

/** Soon at first, and at last once in an hour. */
export function readDelayMs(reads: number): number {
  return Math.min(3_600_000, 5_000 * 2 ** Math.min(reads, 16))
}
