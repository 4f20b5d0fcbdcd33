import { Refusal } from '../../platform/refusal.ts'
import { isCovered, isOpenAttempt, uncoveredMinor, type Account, type Payment } from './account.ts'
import { supersede } from './begin.ts'
import type { NewId, PaymentId } from './ids.ts'
import { observeOffline } from './observe.ts'
import { settle } from './settle.ts'

export type OfflineMoney = { readonly reference: string; readonly amountMinor: bigint | undefined }

/** Staff have seen the money at the bank. The reference is good for one entry, ever. */
export function recordOffline(
  account: Account,
  { reference, amountMinor }: OfflineMoney,
  at: Date,
  newId: NewId,
): { readonly account: Account; readonly payment: Payment } {
  const earlier = account.payments.find(
    ({ provider, entries }) =>
      provider === 'offline' && entries.some(({ kind, key }) => kind === 'captured' && key === reference),
  )
  if (earlier) return { account, payment: earlier }
  const uncovered = uncoveredMinor(account)
  const amount = amountMinor ?? uncovered
  if (amount === 0n) throw new Refusal('conflict', 'payment.nothing-due', 'the order owes nothing')
  const open = account.payments.find((payment) => payment.provider === 'offline' && isOpenAttempt(payment))
  const payment = open ?? newOffline(account.gate.currency, amount, at, newId)
  const added = open ? account : { ...account, payments: [...account.payments, payment] }
  const recorded = observeOffline(added, payment, { reference, amountMinor: amount }, at)
  return { account: settle(withoutOthers(recorded, payment, at), at, newId), payment }
}

/** Nobody has to finish an attempt to pay for an order that is covered. */
function withoutOthers(account: Account, { id }: Payment, at: Date): Account {
  if (!isCovered(account)) return account
  return account.payments
    .filter((payment) => payment.id !== id && isOpenAttempt(payment) && !payment.isSuperseded)
    .reduce((all, payment) => supersede(all, payment, at), account)
}

function newOffline(currency: string, amountMinor: bigint, at: Date, newId: NewId): Payment {
  return {
    ...{ id: newId() as PaymentId, provider: 'offline', method: 'invoice', amountMinor, currency },
    ...{ ref: undefined, entries: [], token: '', returnUrl: '', client: '', capture: 'at-once' },
    ...{ isCancelable: true, isSuperseded: false, endsAt: undefined, actionUrl: '', failure: undefined },
    ...{ createdAt: at, updatedAt: at },
  }
}
