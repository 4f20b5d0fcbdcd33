import { isWaiting } from '../../internal/payment/domain/operation.ts'
import { statusOfPayment } from '../../internal/payment/domain/account.ts'
import type { Parts } from './parts.ts'
import type { Account } from '../../internal/payment/domain/account.ts'

/** What of the money is still on its way, in words. */
export function unsettledMoney({ setup, stores, provider, world }: Parts): readonly string[] {
  if (!setup.pays) return []
  const { accounts, inbox, comparisons } = stores.payments.tables
  const all = [...accounts.values()]
  const counts: readonly (readonly [number, string])[] = [
    [all.flatMap(({ operations }) => operations.filter(isWaiting)).length, 'calls to the provider wait'],
    [
      all.flatMap(({ operations }) => operations.filter(({ status }) => status === 'staff')).length,
      'calls need staff',
    ],
    [all.flatMap(waitingRefunds).length, 'refunds wait'],
    // Without the sweeper, nobody goes on with an order that is closing.
    [setup.sweeps ? all.filter(({ gate }) => gate.status === 'closing').length : 0, 'gates are closing'],
    [all.filter(({ gate }) => gate.lateUntil !== undefined).length, 'orders have late money'],
    [
      all.flatMap(({ payments }) => payments.filter(isInHand)).length,
      'payments are in the hands of the provider',
    ],
    [
      inbox.filter(({ status }) => status === 'received' || status === 'dead').length,
      'webhooks are not handled',
    ],
    [provider.underWay(), 'things are under way at the provider'],
    [[...comparisons.values()].filter(({ nextAt }) => nextAt.getTime() < world.time.now() + 60_000).length, 'comparisons are not over'], // prettier-ignore
  ]
  return counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
}

const ended: readonly string[] = ['succeeded', 'canceled', 'settled_manually']

const isInHand = (payment: Parameters<typeof statusOfPayment>[0]): boolean =>
  ['created', 'unknown', 'processing'].includes(statusOfPayment(payment))

/** Money that came to the bank is given back by staff, whom this world does not have. */
const waitingRefunds = ({ payments, refunds }: Account) =>
  refunds.filter(({ status, paymentId }) => {
    const provider = payments.find(({ id }) => id === paymentId)?.provider
    return provider !== 'offline' && !ended.includes(status)
  })
