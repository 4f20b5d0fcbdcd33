import { requireSystem, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import { someAtOnce } from '../../platform/some-at-once.ts'
import type { Account, Payment } from '../domain/account.ts'
import { dueNow, type Beginning } from '../domain/begin.ts'
import { closeGate as close, type CloseOutcome, type Closing } from '../domain/close-gate.ts'
import type { OrderId } from '../domain/ids.ts'
import { recordOffline as record } from '../domain/record-offline.ts'
import { takeAtOnce } from '../domain/take-at-once.ts'
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
    // An order that has ended can't be paid any more, so nothing has to be stored that keeps money from coming.
    if (closing.isOver && !(await accounts.find(closing.orderId))) return close(undefined, closing, at, newId)
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

/** What is known of orders' money, at least up to the events that are named. One of which nothing is known is left out. */
export function listGates({ accounts }: Pick<GateDeps, 'accounts'>) {
  type Wanted = { readonly orderId: OrderId; readonly version: number }
  return async (wanted: readonly Wanted[], call: Call): Promise<readonly Account[]> => {
    requireSystem(call)
    const found = await Promise.all(
      wanted.map(async ({ orderId, version }) => {
        // What this process remembers is of some time, so it answers for no event that came later.
        const lately = await accounts.recall(orderId)
        return lately && lately.gate.version >= version ? lately : accounts.find(orderId)
      }),
    )
    return found.filter((account) => account !== undefined)
  }
}

/** Each waits for its rows: as many as share one statement. */
const atOnce = 50

/** Goods of the orders are about to leave. */
export function captureForGoods({ accounts, newId, now }: GateDeps) {
  return async (orderIds: readonly OrderId[], call: Call): Promise<void> => {
    requireSystem(call)
    await someAtOnce(orderIds, atOnce, async (orderId) => {
      // Nothing is known of it, so there is nothing to take.
      if (!(await accounts.find(orderId))) return
      const at = now()
      await accounts.update(
        orderId,
        (before) => {
          if (!before) throw new Error(`order ${orderId} has lost its gate`)
          return { account: takeAtOnce(before, at, newId), result: undefined }
        },
        { trace: traceOf(call), at },
      )
    })
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
        const due = dueNow(before, { ...input, orderCapture: 'at-once' }, at)
        const recorded = record(due, input, at, newId)
        return { account: recorded.account, result: recorded.payment }
      },
      { trace: traceOf(call), at },
    )
    return { account, payment: account.payments.find(({ id }) => id === result.id) ?? result }
  }
}
