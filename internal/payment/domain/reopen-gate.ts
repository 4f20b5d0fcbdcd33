import { Refusal } from '../../platform/refusal.ts'
import { isCovered, type Account } from './account.ts'
import { withGate } from './gate.ts'
import { isForGoods } from './goods-units.ts'
import type { NewId } from './ids.ts'
import { isWaiting } from './operation.ts'
import { settle } from './settle.ts'

/** An expired order is bought after all with the money that came late, as long as it covers it and none of it has been ordered back. */
export function reopenGate(account: Account, dueMinor: bigint, at: Date, newId: NewId): Account {
  const { gate, refunds, operations } = account
  if (gate.status === 'open') return account
  const isGivenBack =
    refunds.some(
      (refund) => refund.creditMinor === 0n && refund.status !== 'canceled' && !isForGoods(refund),
    ) ||
    operations.some((operation) => operation.kind === 'void' && isWaiting(operation)) ||
    gate.currency === ''
  if (isGivenBack)
    throw new Refusal('conflict', 'payment.given-back', 'the money of this order is on its way back')
  const change = { status: 'open', reason: '', dueMinor, lateUntil: undefined, keepMinor: 0n } as const
  const reopened = withGate(account, { ...change, closedCovered: false, keepsMoney: false }, at)
  if (!isCovered(reopened))
    throw new Refusal('conflict', 'payment.not-covered', 'the money does not cover the order')
  return settle(reopened, at, newId)
}
