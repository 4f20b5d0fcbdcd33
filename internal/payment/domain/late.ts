import { amountsOf, type Account } from './account.ts'
import { withGate } from './gate.ts'
import { isForGoods } from './goods-units.ts'

/**
 * Money that comes for an expired order waits a little, because the order may be revived with it. It waits once: as soon
 * as some of it was ordered back, all goes back.
 */
export function waitForRevival(before: Account, after: Account, waitMs: number, at: Date): Account {
  const { gate, refunds } = after
  const mayRevive =
    gate.status === 'closed' && gate.reason === 'expired' && !gate.keepsMoney && gate.lateUntil === undefined
  const isGoingBack = refunds.some((refund) => refund.creditMinor === 0n && !isForGoods(refund))
  if (!mayRevive || isGoingBack || taken(after) <= taken(before)) return after
  return withGate(after, { lateUntil: new Date(at.getTime() + waitMs) }, at)
}

function taken(account: Account): bigint {
  const { authorizedMinor, capturedMinor } = amountsOf(account)
  return authorizedMinor + capturedMinor
}
