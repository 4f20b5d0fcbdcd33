import { isMismatched, type Account } from '../domain/account.ts'
import type { OrderId, PaymentId } from '../domain/ids.ts'
import { waitForRevival } from '../domain/late.ts'
import { observe } from '../domain/observe.ts'
import type { PaymentSnapshot } from '../domain/payment-snapshot.ts'
import { settle } from '../domain/settle.ts'
import type { WorkerDeps } from './run-operation.ts'

/** Records what a provider says of one of our payments, and orders what follows. */
export function recordSnapshot({ accounts, newId, now, revivalWaitMs, newTrace }: WorkerDeps) {
  return async (orderId: OrderId, paymentId: PaymentId, snapshot: PaymentSnapshot): Promise<Account> => {
    const at = now()
    const { account } = await accounts.update(
      orderId,
      (before) => {
        if (!before) throw new Error(`order ${orderId} has lost its gate`)
        const after = observe(before, paymentId, snapshot, at, newId)
        return {
          account: settle(waitForRevival(before, after, revivalWaitMs, at), at, newId),
          result: undefined,
        }
      },
      { trace: newTrace(), at },
    )
    return account
  }
}

/** `absent`: it belongs to nobody here. `unknown`: the provider could not say. */
export type Observed =
  | { readonly kind: 'recorded'; readonly isMismatched: boolean }
  | { readonly kind: 'foreign'; readonly snapshot: PaymentSnapshot | undefined }
  | { readonly kind: 'unknown'; readonly reason: string }

/** Reads a payment by the provider's id and records it. This is how hints, polls and the daily comparison all end. */
export function observePayment(deps: WorkerDeps) {
  const record = recordSnapshot(deps)
  const { accounts, providerOf } = deps
  return async (providerName: string, ref: string): Promise<Observed> => {
    const provider = providerOf(providerName)
    if (!provider) return { kind: 'unknown', reason: `there is no provider ${providerName}` }
    const read = await provider.read(ref)
    if (read.kind === 'unknown') return { kind: 'unknown', reason: read.reason }
    const snapshot = read.kind === 'found' ? read.payment : undefined
    const ours = (await accounts.findRef(providerName, ref)) ?? (await named(snapshot))
    if (!ours || !snapshot) return { kind: 'foreign', snapshot }
    const account = await record(ours.orderId, ours.paymentId, snapshot)
    const payment = account.payments.find(({ id }) => id === ours.paymentId)
    return { kind: 'recorded', isMismatched: payment !== undefined && isMismatched(payment) }
  }

  /** The answer to our create may never have come; the provider still knows our id. */
  async function named(snapshot: PaymentSnapshot | undefined) {
    const paymentId = snapshot?.ourId as PaymentId | undefined
    const orderId = paymentId === undefined ? undefined : await accounts.orderOf(paymentId)
    return orderId === undefined || paymentId === undefined ? undefined : { orderId, paymentId }
  }
}
