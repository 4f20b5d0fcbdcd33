import type { Decide, UpdateOptions } from '../application/accounts.ts'
import type { Account } from '../domain/account.ts'
import { changeOf } from '../domain/events.ts'
import type { OrderId } from '../domain/ids.ts'
import type { StoredAccount } from './account-rows.ts'
import type { AccountChange } from './changed-rows.ts'
import { mayBeCredited } from './credit-notes.ts'
import { encodePaymentEvent } from './payment-events.ts'
import type { HandedOperations } from './handed-operations.ts'
import type { RememberedAccounts } from './remembered-accounts.ts'

export type Updated<Result> = {
  readonly account: Account
  readonly result: Result
  readonly isChanged: boolean
}

type AtOnce = {
  readonly stored: (orderId: OrderId) => Promise<StoredAccount | undefined>
  readonly write: (change: AccountChange) => Promise<boolean>
  readonly remembered: RememberedAccounts
  /** Absent: whoever comes first looks for the operations. */
  readonly handed?: Pick<HandedOperations, 'take' | 'hand'> | undefined
}

/**
 * Decides on the account as it is remembered or read, without its lock, and stores the change if the account is still
 * the same then. What a remembered account leaves as it is, or refuses, is decided on what is stored. Undefined: another
 * writer was quicker, or more has to be stored in the same transaction.
 */
export function updatingAtOnce({ stored, write, remembered, handed }: AtOnce) {
  async function store<Result>(
    before: StoredAccount | undefined,
    { account: decided, result }: ReturnType<Decide<Result>>,
    { trace, at }: UpdateOptions,
  ): Promise<Updated<Result> | undefined> {
    const taken = handed?.take(before?.account, decided, at) ?? decided
    const { state, events } = changeOf(before?.account, taken, at)
    if (mayBeCredited(before?.account, state)) return undefined
    const outbox = events.map((event) => encodePaymentEvent(event, trace))
    const change = { before: before?.account, seen: before?.revision, after: state, events: outbox, at }
    if (!(await write(change))) {
      remembered.forget(state.gate.orderId)
      return undefined
    }
    remembered.remember({ account: state, revision: (before?.revision ?? 0) + 1 })
    handed?.hand(before?.account, state, at)
    return { account: state, result, isChanged: true }
  }

  return async <Result>(
    orderId: OrderId,
    decide: Decide<Result>,
    options: UpdateOptions,
  ): Promise<Updated<Result> | undefined> => {
    if (options.once || (options.act && options.trace.by)) return undefined
    const known = remembered.look(orderId)
    const guess = known && attempt(() => decide(known.account))
    const quick = guess && guess.account !== known.account ? await store(known, guess, options) : undefined
    if (quick) return quick
    const before = await stored(orderId)
    const decided = decide(before?.account)
    if (decided.account === before?.account) return { ...decided, isChanged: false }
    return store(before, decided, options)
  }
}

/** Undefined when it was refused. */
function attempt<Result>(decide: () => Result): Result | undefined {
  try {
    return decide()
  } catch {
    return undefined
  }
}
