import { Refusal } from '../../platform/refusal.ts'
import { foldOf, waitingOf, type Account, type Payment } from './account.ts'
import type { NewId } from './ids.ts'
import { order } from './settle.ts'

/** Captures all that is authorized, or a part of it. Nothing is captured once the order's end has begun. */
export function capturePayment(
  account: Account,
  payment: Payment,
  wantedMinor: bigint | undefined,
  capturesOnce: boolean,
  at: Date,
  newId: NewId,
): Account {
  if (account.gate.status !== 'open')
    throw new Refusal('conflict', 'payment.order-closed', 'the order is over or ending')
  const openMinor = availableMinor(account, payment)
  const amountMinor = wantedMinor ?? openMinor
  if (amountMinor <= 0n) throw new Refusal('invalid', 'payment.invalid-amount', 'capture more than nothing')
  if (amountMinor > openMinor)
    throw new Refusal('conflict', 'payment.exceeds-authorization', 'more than is authorized')
  return order(account, payment, 'capture', at, newId, amountMinor, capturesOnce || amountMinor === openMinor)
}

/** Gives an authorization back. Money that was captured is refunded instead. */
export function voidPayment(account: Account, payment: Payment, at: Date, newId: NewId): Account {
  availableMinor(account, payment)
  return order(account, payment, 'void', at, newId)
}

function availableMinor(account: Account, payment: Payment): bigint {
  const { authorizedMinor } = foldOf(payment)
  if (authorizedMinor === 0n)
    throw new Refusal(
      'conflict',
      'payment.not-authorized',
      'nothing is authorized that could be captured or voided',
    )
  if (waitingOf(account, payment).some(({ kind }) => kind !== 'refund'))
    throw new Refusal('conflict', 'payment.busy', 'a capture or void is under way')
  return authorizedMinor
}
