import type { Trace } from '../../platform/call.ts'
import type { Account, AccountChange, UserId } from '../domain/account.ts'
import type { ErasingContext } from '../domain/erasure.ts'

/** The erased accounts, and which contexts have confirmed it. Each write stores state and events in one transaction. */
export type Erasures = {
  /**
   * Stores the change of the locked account and removes all else that is the person's: sessions, identities, login codes,
   * requests of mails and of registrations. Each context is asked to confirm from then on. Undefined when there is no such
   * account, or it was erased before. `decide` is told how many other admins could log in.
   */
  readonly erase: (
    id: UserId,
    decide: (account: Account, otherAdmins: number) => AccountChange,
    trace: Trace,
  ) => Promise<Account | undefined>
  /** Those that the context has not confirmed and that were erased before then, the longest erased first. */
  readonly unconfirmed: (context: ErasingContext, before: Date, limit: number) => Promise<readonly UserId[]>
  /** Stores what is decided of those that the context has not confirmed; passes over all others. */
  readonly confirm: (
    context: ErasingContext,
    ids: readonly UserId[],
    decide: (account: Account) => AccountChange,
    at: Date,
    trace: Trace,
  ) => Promise<void>
}
