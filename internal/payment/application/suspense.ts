import { requirePermission, requireSystem, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Account, Payment } from '../domain/account.ts'
import { assignSuspense as assign } from '../domain/assign-suspense.ts'
import { newAccount, type Beginning } from '../domain/begin.ts'
import { withDue } from '../domain/goods.ts'
import type { PaymentSnapshot } from '../domain/payment-snapshot.ts'
import type { Provider } from './provider.ts'
import type { SuspenseMoney } from './staff-list.ts'
import type { StaffDeps } from './staff-refunds.ts'

type SuspenseDeps = Pick<StaffDeps, 'accounts' | 'newId' | 'now' | 'staffList'> & {
  readonly providerOf: (name: string) => Provider | undefined
}

const givenBack = 'given back: '

const resolved = (): Refusal =>
  new Refusal('conflict', 'suspense.resolved', 'it was assigned or given back before')

const notFound = (): Refusal => new Refusal('not-found', 'suspense.not-found', 'there is no such money')

export function listSuspense({ staffList }: Pick<SuspenseDeps, 'staffList'>) {
  return async (limit: number, call: Call): Promise<readonly SuspenseMoney[]> => {
    requirePermission(call, 'payments:read')
    return staffList.suspense(limit)
  }
}

export type Assignment = Pick<Beginning, 'orderId' | 'userId' | 'dueMinor' | 'currency' | 'lines'> & {
  readonly provider: string
  readonly ref: string
}

/**
 * The money becomes a payment of the order. The provider is read before, so that the payment and what it has taken are
 * stored together; the list shows no money that has a payment.
 */
export function assignSuspense(deps: SuspenseDeps) {
  const { accounts, staffList, newId, now } = deps
  return async (
    wanted: Assignment,
    call: Call,
  ): Promise<{ readonly account: Account; readonly payment: Payment }> => {
    requireSystem(call)
    const { provider, ref, orderId } = wanted
    const note = await staffList.noteOf(provider, ref)
    if (note === undefined) throw notFound()
    if (note.startsWith(givenBack)) throw resolved()
    const snapshot = await read(deps, provider, ref)
    const at = now()
    const { account, result } = await accounts.update(
      orderId,
      (before) => {
        const known = before ?? newAccount({ ...wanted, orderCapture: 'at-once' }, at)
        const due = known.gate.status === 'open' ? withDue(known, wanted.dueMinor, wanted.lines, at) : known
        const assigned = assign(due, provider, snapshot, at, newId)
        return { account: assigned.account, result: assigned.payment.id }
      },
      {
        ...{ trace: traceOf(call), at },
        act: ({ payments }) => ({
          ...{ what: 'suspense.assigned', subjectId: orderId },
          after: { provider, ref, paymentId: payments.find((each) => each.ref === ref)?.id },
        }),
      },
    )
    await staffList.noteAssigned(provider, ref, `order ${orderId}`, at)
    const payment = account.payments.find(({ id }) => id === result)
    if (!payment) throw new Error(`order ${orderId} has lost payment ${result}`)
    return { account, payment }
  }
}

/** Staff have given it back at the provider or at the bank. */
export function resolveSuspense({ staffList, now }: SuspenseDeps) {
  type Input = { readonly provider: string; readonly ref: string; readonly reference: string }
  return async ({ provider, ref, reference }: Input, call: Call): Promise<void> => {
    requirePermission(call, 'payments:write')
    const note = `${givenBack}${reference}`
    await staffList.noteGivenBack(provider, ref, note, now(), traceOf(call))
    const noted = await staffList.noteOf(provider, ref)
    if (noted === undefined) throw notFound()
    if (noted !== note) throw resolved()
  }
}

async function read(deps: SuspenseDeps, provider: string, ref: string): Promise<PaymentSnapshot> {
  const found = await deps.providerOf(provider)?.read(ref)
  if (!found || found.kind === 'unknown')
    throw new Refusal('unavailable', 'payment.provider-away', 'the provider does not say what it has done')
  if (found.kind === 'absent') throw notFound()
  return found.payment
}
