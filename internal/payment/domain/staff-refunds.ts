import { Refusal } from '../../platform/refusal.ts'
import { awaitsStaff, isOffline, withOperation, type Account, type Refund } from './account.ts'

/** Staff have paid it back themselves: the customer's money never came through a provider, or the provider has failed. */
export function settleRefund(account: Account, refund: Refund, reference: string, at: Date): Account {
  if (refund.status === 'settled_manually') {
    if (refund.reference === reference) return account
    throw new Refusal('conflict', 'refund.settled', 'it was paid back before, under another reference')
  }
  if (!awaitsStaff(account, refund))
    throw new Refusal(
      'conflict',
      'refund.not-for-staff',
      `a ${refund.status} refund is the provider's to end`,
    )
  return withRefund(account, { ...refund, status: 'settled_manually', reference, updatedAt: at })
}

/** The provider is asked once more, under a new attempt: the earlier ones have failed for good. */
export function repeatRefund(account: Account, refund: Refund, at: Date): Account {
  const operation = account.operations.find(({ id }) => id === refund.id)
  if (refund.status !== 'failed' || isOffline(account, refund) || !operation)
    throw new Refusal('conflict', 'refund.not-failed', 'no provider has failed to give it back')
  const again = withOperation(account, {
    ...operation,
    ...{ status: 'waiting', attempt: operation.attempt + 1, tries: 0, nextAt: at, error: '' },
    ...{ firstTriedAt: undefined, lastTriedAt: undefined },
  })
  return withRefund(again, { ...refund, status: 'requested', updatedAt: at })
}

const withRefund = (account: Account, changed: Refund): Account => ({
  ...account,
  refunds: account.refunds.map((refund) => (refund.id === changed.id ? changed : refund)),
})
