import { requireSystem, traceOf, type Call } from '../../platform/call.ts'
import { doOnce } from '../../platform/do-once.ts'
import { refuseCardNumber } from '../../platform/card-number.ts'
import { Refusal } from '../../platform/refusal.ts'
import { uncoveredMinor, type Account, type CaptureMode, type Payment } from '../domain/account.ts'
import { beginPayment as beginAttempt, dueNow, tooManyAttempts, type Beginning } from '../domain/begin.ts'
import type { NewId, PaymentId } from '../domain/ids.ts'
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
  | 'paymentId'
  | 'orderId'
  | 'userId'
  | 'dueMinor'
  | 'currency'
  | 'lines'
  | 'method'
  | 'token'
  | 'returnUrl'
  | 'client'
> & { readonly capture: CaptureMode | undefined }

const hourMs = 3_600_000

type Begun = { readonly account: Account; readonly payment: Payment; readonly isNew: boolean }

/**
 * Begins a payment of what the order owes, or gives the open one. The provider is asked after this has committed. The
 * same request gets what it has begun, whatever has become of it.
 */
export function beginPayment(deps: BeginDeps) {
  const { accounts } = deps
  return async (input: BeginInput, call: Call): Promise<Begun> => {
    requireSystem(call)
    const { result, isReplay } = await doOnce(
      call.once,
      async (once) => {
        const id = await accounts.findByRequest(once)
        const account = id === undefined ? undefined : await accounts.find(input.orderId)
        const payment = account?.payments.find((each) => each.id === id)
        return account && payment && { account, payment, isNew: false }
      },
      () => begin(deps, input, call),
    )
    return { ...result, isNew: result.isNew && !isReplay }
  }
}

async function begin(
  { accounts, methods, capture, attemptsPerHour, newId, now }: BeginDeps,
  input: BeginInput,
  call: Call,
): Promise<Begun> {
  const method = methodOf(methods, input.method)
  refuseCardNumber(input.token)
  const at = now()
  const orderCapture = input.capture ?? capture
  const attempts = await accounts.attemptsSince(input, new Date(at.getTime() - hourMs))
  const beginning: Beginning = {
    ...input,
    provider: method.provider,
    capture: method.capturesAtOnce ? 'at-once' : orderCapture,
    orderCapture,
    isCancelable: method.isCancelable,
    endsAfterMs: method.endsAfterMs,
  }
  let begunId: PaymentId | undefined
  const { account, result } = await accounts.update(
    input.orderId,
    (before) => {
      const isKnown = before?.payments.some(({ id }) => id === input.paymentId) ?? false
      const rest = isKnown ? 0n : uncoveredMinor(dueNow(before, beginning, at))
      if (rest > 0n && !method.isPayable(rest, input.currency))
        throw new Refusal('invalid', 'payment.amount-not-payable', `${method.name} does not take this amount`)
      const begun = beginAttempt(before, beginning, at, newId)
      const { ofUser, ofClient } = attempts
      if (begun.isNew && Math.max(ofUser, ofClient) >= attemptsPerHour) throw tooManyAttempts()
      begunId = begun.payment.id
      return { account: begun.account, result: begun }
    },
    { trace: traceOf(call), at, once: call.once && { key: call.once, thing: () => begunId ?? '' } },
  )
  const payment = account.payments.find(({ id }) => id === result.payment.id) ?? result.payment
  return { account, payment, isNew: result.isNew }
}
