import type { Trace } from '../../platform/call.ts'
import type { Account, Payment } from '../domain/account.ts'
import { conclude, type Outcome } from '../domain/conclude.ts'
import type { NewId, OrderId } from '../domain/ids.ts'
import { waitForRevival } from '../domain/late.ts'
import type { Operation } from '../domain/operation.ts'
import type { PaymentSnapshot } from '../domain/payment-snapshot.ts'
import { settle } from '../domain/settle.ts'
import type { Accounts } from './accounts.ts'
import { callProvider } from './call-provider.ts'
import type { Provider, ReadResult } from './provider.ts'
import type { DueOperation } from './work.ts'

export type WorkerDeps = {
  readonly accounts: Accounts
  readonly providerOf: (name: string) => Provider | undefined
  readonly newId: NewId
  readonly now: () => Date
  /** Late money waits so long for the order to be revived. */
  readonly revivalWaitMs: number
  /** Where providers send their messages; undefined: nowhere. */
  readonly notifyUrlOf: (provider: string) => string | undefined
  /** The process may be made to die here. */
  readonly failpoint: (name: 'intent-call' | 'answer-commit' | 'inbox-effect') => void
  readonly newTrace: () => Trace
}

/** Asks the provider for what was decided, or what became of it. Its intent has been committed before. */
export function runOperation(deps: WorkerDeps) {
  const { accounts, providerOf, newId, now, revivalWaitMs } = deps
  return async ({ orderId, provider: name, operation, step }: DueOperation): Promise<void> => {
    const account = await accountOf(accounts, orderId, operation)
    const payment = account?.payments.find(({ id }) => id === operation.paymentId)
    const provider = providerOf(name)
    if (!account || !payment || !provider)
      throw new Error(`operation ${operation.id} has no payment or no provider`)
    deps.failpoint('intent-call')
    const outcome = await ask(deps, provider, { account, payment, operation, step })
    deps.failpoint('answer-commit')
    const at = now()
    await accounts.update(
      orderId,
      (before) => {
        if (!before) throw new Error(`order ${orderId} has lost its gate`)
        const after = conclude(before, operation, outcome, at, newId)
        return {
          account: settle(waitForRevival(before, after, revivalWaitMs, at), at, newId),
          result: undefined,
        }
      },
      { trace: deps.newTrace(), at },
    )
  }
}

/** What a create asks for never changes; all else may depend on what has happened since. */
async function accountOf(
  accounts: Accounts,
  orderId: OrderId,
  { kind, paymentId }: Operation,
): Promise<Account | undefined> {
  const lately = kind === 'create' ? await accounts.recall(orderId) : undefined
  return lately?.payments.some(({ id }) => id === paymentId) ? lately : accounts.find(orderId)
}

type Asked = {
  readonly account: Account
  readonly payment: Payment
  readonly operation: Operation
  readonly step: DueOperation['step']
}

async function ask(deps: WorkerDeps, provider: Provider, asked: Asked): Promise<Outcome> {
  const { step, operation, payment, account } = asked
  if (step === 'staff') return { kind: 'staff' }
  if (step === 'look') return lookUp(deps, provider, payment, operation)
  const outcome = await callProvider(provider, account, payment, operation, deps.notifyUrlOf(provider.name))
  // The books should know why, before it is tried in another way.
  const mayHaveChanged =
    outcome.kind === 'declined' && operation.kind !== 'create' && payment.ref !== undefined
  if (!mayHaveChanged) return outcome
  const read = await provider.read(payment.ref)
  if (read.kind !== 'found') return outcome
  return isDone(operation, read.payment)
    ? { kind: 'done', payment: read.payment }
    : { ...outcome, payment: read.payment }
}

/** What became of it: of a create by our id, of all else from the payment itself. */
async function lookUp(
  { now }: WorkerDeps,
  provider: Provider,
  { id, ref }: Payment,
  operation: Operation,
): Promise<Outcome> {
  const lastCall = operation.lastTriedAt ?? now()
  const between = { from: operation.firstTriedAt ?? lastCall, to: lastCall }
  const read: ReadResult = ref === undefined ? await provider.find(id, between) : await provider.read(ref)
  if (read.kind === 'unknown') return { kind: 'unknown', message: read.reason }
  const payment = read.kind === 'found' ? read.payment : undefined
  if (payment && isDone(operation, payment)) return { kind: 'done', payment }
  return { kind: 'not-done', payment, trueFrom: new Date(lastCall.getTime() + provider.callEndsAfterMs) }
}

const over: readonly PaymentSnapshot['state'][] = ['canceled', 'expired', 'failed', 'voided', 'lapsed']

function isDone(
  { kind, id }: Operation,
  { state, captures, refunds, authorizedMinor }: PaymentSnapshot,
): boolean {
  if (kind === 'create') return true
  if (kind === 'capture')
    return captures.some(({ ourId }) => ourId === id) || (state === 'captured' && authorizedMinor === 0n)
  if (kind === 'void') return over.includes(state)
  return refunds.some(({ ourId, status }) => ourId === id && status !== 'failed' && status !== 'canceled')
}
