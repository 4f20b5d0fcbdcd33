import { requireSystem, traceOf, type Call, type Trace } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { someThingsAtOnce } from '../../platform/some-at-once.ts'
import type { Account, Payment } from '../domain/account.ts'
import { dueNow, type Beginning } from '../domain/begin.ts'
import { closeGate as close, type CloseOutcome, type Closing } from '../domain/close-gate.ts'
import type { OrderId } from '../domain/ids.ts'
import { recordOffline as record } from '../domain/record-offline.ts'
import { reopenGate as reopen } from '../domain/reopen-gate.ts'
import type { PaymentDeps } from './begin-payment.ts'

type GateDeps = Pick<PaymentDeps, 'accounts' | 'newId' | 'now'>

/** The end of an order begins. The answer says whether it may end, is paid, or has to ask again. */
export function closeGate({ accounts, newId, now }: GateDeps) {
  return async (
    closing: Closing,
    call: Call,
  ): Promise<{ readonly account: Account; readonly outcome: CloseOutcome }> => {
    requireSystem(call)
    const at = now()
    const { account, result } = await accounts.update(
      closing.orderId,
      (before) => {
        const closed = close(before, closing, at, newId)
        return { account: closed.account, result: closed.outcome }
      },
      { trace: traceOf(call), at },
    )
    return { account, outcome: result }
  }
}

/** The expired order is bought after all. */
export function reopenGate({ accounts, newId, now }: GateDeps) {
  return async (orderId: OrderId, dueMinor: bigint, call: Call): Promise<Account> => {
    requireSystem(call)
    const at = now()
    const { account } = await accounts.update(
      orderId,
      (before) => {
        if (!before) throw new Refusal('not-found', 'payment.order-unknown', 'nothing is known of this order')
        return { account: reopen(before, dueMinor, at, newId), result: undefined }
      },
      { trace: traceOf(call), at },
    )
    return account
  }
}

export type EndedOrder = { readonly orderId: OrderId; readonly reason: string; readonly trace: Trace }

/** Each waits for its rows: as many as share one statement. */
const atOnce = 50

/** Orders that are over, as their events say. Usually their gates are closed by then; what came in between goes back. */
export function closeEndedOrders({ accounts, newId, now }: GateDeps) {
  return async (orders: readonly EndedOrder[]): Promise<readonly undefined[]> => {
    return someThingsAtOnce(
      orders,
      ({ orderId }) => orderId,
      atOnce,
      async ({ orderId, reason, trace }) => {
        // Nothing is known of it, so there is nothing to close.
        if (!(await accounts.find(orderId))) return undefined
        const closing: Closing = { orderId, reason, refund: 'full', keepMinor: 0n, isOver: true }
        const at = now()
        await accounts.update(
          orderId,
          (before) => ({ account: close(before, closing, at, newId).account, result: undefined }),
          { trace, at },
        )
        return undefined
      },
    )
  }
}

export type OfflineInput = Pick<Beginning, 'orderId' | 'userId' | 'dueMinor' | 'currency' | 'lines'> & {
  readonly reference: string
  readonly amountMinor: bigint | undefined
}

/** Staff have seen the money at the bank. */
export function recordOffline({ accounts, newId, now }: GateDeps) {
  return async (
    input: OfflineInput,
    call: Call,
  ): Promise<{ readonly account: Account; readonly payment: Payment }> => {
    requireSystem(call)
    const at = now()
    const { account, result } = await accounts.update(
      input.orderId,
      (before) => {
        const due = dueNow(before, { ...input, capture: 'at-once' }, at)
        const recorded = record(due, input, at, newId)
        return { account: recorded.account, result: recorded.payment }
      },
      { trace: traceOf(call), at },
    )
    return { account, payment: account.payments.find(({ id }) => id === result.id) ?? result }
  }
}
