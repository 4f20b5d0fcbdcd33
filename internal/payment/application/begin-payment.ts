import { requireSystem, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { uncoveredMinor, type Account, type CaptureMode, type Payment } from '../domain/account.ts'
import { beginPayment as begin, dueNow, tooManyAttempts, type Beginning } from '../domain/begin.ts'
import type { NewId } from '../domain/ids.ts'
import type { Accounts } from './accounts.ts'
import { methodOf, type OfferedMethod } from './methods.ts'

export type PaymentDeps = {
  readonly accounts: Accounts
  readonly methods: readonly OfferedMethod[]
  readonly newId: NewId
  readonly now: () => Date
}

export type BeginDeps = PaymentDeps & {
  readonly capture: CaptureMode
  /** Of one account, and of one address: each of them may be somebody who tries stolen cards. */
  readonly attemptsPerHour: number
}

export type BeginInput = Pick<
  Beginning,
  'orderId' | 'userId' | 'dueMinor' | 'currency' | 'lines' | 'method' | 'token' | 'returnUrl' | 'client'
> & { readonly capture: CaptureMode | undefined }

const hourMs = 3_600_000

/** Begins a payment of what the order owes, or gives the open one. The provider is asked after this has committed. */
export function beginPayment({ accounts, methods, capture, attemptsPerHour, newId, now }: BeginDeps) {
  return async (
    input: BeginInput,
    call: Call,
  ): Promise<{ readonly account: Account; readonly payment: Payment; readonly isNew: boolean }> => {
    requireSystem(call)
    const method = methodOf(methods, input.method)
    refuseCardNumber(input.token)
    const at = now()
    const attempts = await accounts.attemptsSince(input, new Date(at.getTime() - hourMs))
    const beginning: Beginning = {
      ...input,
      provider: method.provider,
      capture: method.capturesAtOnce ? 'at-once' : (input.capture ?? capture),
      isCancelable: method.isCancelable,
      endsAfterMs: method.endsAfterMs,
    }
    const { account, result } = await accounts.update(
      input.orderId,
      (before) => {
        const rest = uncoveredMinor(dueNow(before, beginning, at))
        if (rest > 0n && !method.isPayable(rest, input.currency))
          throw new Refusal(
            'invalid',
            'payment.amount-not-payable',
            `${method.name} does not take this amount`,
          )
        const begun = begin(before, beginning, at, newId)
        const { ofUser, ofClient } = attempts
        if (begun.isNew && Math.max(ofUser, ofClient) >= attemptsPerHour) throw tooManyAttempts()
        return { account: begun.account, result: begun }
      },
      { trace: traceOf(call), at },
    )
    const payment = account.payments.find(({ id }) => id === result.payment.id) ?? result.payment
    return { account, payment, isNew: result.isNew }
  }
}

/** A token is what a provider's form makes. A number of 12 to 19 digits is a card's, which nobody here may see. */
function refuseCardNumber(token: string): void {
  if (/^[\d -]{12,}$/.test(token))
    throw new Refusal('invalid', 'payment.card-number', 'send a token of the provider, never a card number')
}
