import type { Once, Trace } from '../../platform/call.ts'
import type { Account, AccountChange, UserId } from '../domain/account.ts'
import type { MailRequest, MailRequestId, MailRequestKind } from '../domain/mail-request.ts'
import type { EndsSessions } from './accounts.ts'

export type OpenMailRequest = { readonly request: MailRequest; readonly account: Account }

/**
 * The mails that people have asked for. `Accounts.add` and `Accounts.update` store them too, when a change tells of them:
 * each takes the place of the open one of its kind. A change that ends an account's sessions ends its resets, and one of
 * its e-mail address ends all.
 */
export type MailRequests = {
  /**
   * `decide` gets the locked account, and how many mails of this kind it got since then. Nothing is stored when it returns
   * undefined, or when there is no such account. With `once` the request is found by `Accounts.findByRequest` from then on.
   */
  readonly ask: (
    userId: UserId,
    counted: { readonly kind: MailRequestKind; readonly since: Date },
    decide: (account: Account, count: number) => AccountChange | undefined,
    trace: Trace,
    once?: Once,
  ) => Promise<void>
  /** Undefined when it was used, is void or has expired. */
  readonly findOpen: (id: MailRequestId, at: Date) => Promise<OpenMailRequest | undefined>
  /** Ends the request and changes its account, both or neither. Undefined when it is not open: one of a race gets it. */
  readonly spend: (
    id: MailRequestId,
    at: Date,
    decide: (account: Account) => AccountChange,
    trace: Trace,
    ends?: EndsSessions,
  ) => Promise<Account | undefined>
  /** Forgets those that expired before. */
  readonly forget: (before: Date) => Promise<void>
}

/** The tokens in the links of mails. They follow from the request, so none is stored. */
export type MailTokens = {
  readonly issue: (request: Pick<MailRequest, 'id' | 'kind'>) => string
  /** Undefined for a token of another kind, and for one that this shop has not issued. */
  readonly read: (kind: MailRequestKind, token: string) => MailRequestId | undefined
}
