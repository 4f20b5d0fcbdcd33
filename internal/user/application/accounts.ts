import type { Once, Role, Trace } from '../../platform/call.ts'
import type { Account, AccountChange, UserId } from '../domain/account.ts'
import type { Login } from '../domain/login.ts'
import type { EndReason, SessionId } from '../domain/session.ts'

/** The accounts this service owns. Each write stores the new state and its events in one transaction. */
export type Accounts = {
  readonly find: (id: UserId) => Promise<Account | undefined>
  readonly findByLogin: (login: Login) => Promise<Account | undefined>
  /** The account that the same request has made. Refuses a key that was used with another request. */
  readonly findByRequest: (once: Once) => Promise<Account | undefined>
  /** Refuses with user.email-taken or user.username-taken, even when two callers add the same at once. */
  readonly add: (change: AccountChange, trace: Trace, once?: Once) => Promise<Account>
  /** The kinds of the hashes that accounts have: their algorithm and cost, as they begin with them. */
  readonly hashKinds: () => Promise<readonly string[]>
  /** Sorts by id, newest first. `query` is in lower case. */
  readonly page: (filter: AccountFilter) => Promise<AccountsPage>
  /**
   * `decide` gets the locked account and is synchronous. Returns undefined when there is no such account. With `ends` the
   * account's sessions end with it, but for one. A raised access version is told to the gateways. With `once` the request
   * is found by `findByRequest` from then on.
   */
  readonly update: (
    id: UserId,
    decide: (account: Account) => AccountChange,
    trace: Trace,
    ends?: EndsSessions,
    once?: Once,
  ) => Promise<Account | undefined>
}

export type AccountFilter = {
  /** The beginning of an e-mail address or of a username, in any case. */
  readonly query: string | undefined
  readonly role: Role | undefined
  readonly limit: number
  readonly after: UserId | undefined
}

export type AccountsPage = { readonly accounts: readonly Account[]; readonly next: UserId | undefined }

export type EndsSessions = {
  readonly except?: SessionId | undefined
  readonly reason: EndReason
  readonly at: Date
}
