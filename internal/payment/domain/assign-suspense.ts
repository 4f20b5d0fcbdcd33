import type { Account, Payment } from './account.ts'
import type { NewId, PaymentId } from './ids.ts'
import { observe } from './observe.ts'
import type { PaymentSnapshot } from './payment-snapshot.ts'
import { newOperation, settle } from './settle.ts'

/**
 * Money that a provider has and nobody knew of belongs to this order, as staff have found out. It is a payment like any
 * other from now on: what is too much goes back, all of it when the order is over.
 */
export function assignSuspense(
  account: Account,
  provider: string,
  snapshot: PaymentSnapshot,
  at: Date,
  newId: NewId,
): { readonly account: Account; readonly payment: Payment } {
  const { ref, method, amountMinor } = snapshot
  const earlier = account.payments.find((each) => each.provider === provider && each.ref === ref)
  if (earlier) return { account, payment: earlier }
  const payment: Payment = {
    ...{ id: newId() as PaymentId, provider, method, amountMinor, currency: account.gate.currency, ref },
    ...{ entries: [], token: '', returnUrl: '', client: '', capture: 'at-once', isCancelable: false },
    ...{ isSuperseded: false, endsAt: undefined, actionUrl: '', failure: undefined },
    ...{ createdAt: at, updatedAt: at },
  }
  // Staff have said so, which stands for the intent.
  const intent = newOperation(newId(), 'create', payment.id, undefined, amountMinor, true, at)
  const known: Account = {
    ...account,
    payments: [...account.payments, payment],
    operations: [
      ...account.operations,
      { ...intent, status: 'done', firstTriedAt: at, lastTriedAt: at, tries: 1 },
    ],
  }
  return { account: settle(observe(known, payment.id, snapshot, at, newId), at, newId), payment }
}
