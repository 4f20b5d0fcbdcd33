import type { Act } from '../../platform/act.ts'
import type { Once, Trace } from '../../platform/call.ts'
import type { Account } from '../domain/account.ts'
import type { OrderId, PaymentId, UserId } from '../domain/ids.ts'

/** Sees the locked account, undefined for an order that is not known. It is synchronous: nobody waits under the lock. */
export type Decide<Result> = (account: Account | undefined) => {
  readonly account: Account
  readonly result: Result
}

export type UpdateOptions = {
  readonly trace: Trace
  readonly at: Date
  /** What the log keeps when staff have asked for it, of the account as it is then and as it was. */
  readonly act?: ((after: Account, before: Account | undefined) => Act) | undefined
  /** The request's key, and the id of what it made. */
  readonly once?: { readonly key: Once; readonly thing: (account: Account) => string } | undefined
}

/** The money of orders. State, intents and events are stored in one transaction, under the lock of the order's gate. */
export type Accounts = {
  readonly find: (orderId: OrderId) => Promise<Account | undefined>
  /** As it was lately; good for what never changes, such as what an operation asks for or what was taken once. */
  readonly recall: (orderId: OrderId) => Promise<Account | undefined>
  readonly orderOf: (paymentId: PaymentId) => Promise<OrderId | undefined>
  readonly findRef: (
    provider: string,
    ref: string,
  ) => Promise<{ readonly orderId: OrderId; readonly paymentId: PaymentId } | undefined>
  /** When `decide` refuses, nothing is stored. When it gives the account back as it was, nothing is written. */
  readonly update: <Result>(
    orderId: OrderId,
    decide: Decide<Result>,
    options: UpdateOptions,
  ) => Promise<{ readonly account: Account; readonly result: Result }>
  /** What the same request has made. */
  readonly findByRequest: (once: Once) => Promise<string | undefined>
  /** Attempts of a user and from an address since then. */
  readonly attemptsSince: (
    who: { readonly userId: UserId | undefined; readonly client: string },
    since: Date,
  ) => Promise<{ readonly ofUser: number; readonly ofClient: number }>
}
