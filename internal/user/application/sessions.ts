import type { Trace } from '../../platform/call.ts'
import type { UserId } from '../domain/account.ts'
import type { Session, SessionId } from '../domain/session.ts'
import type { EndsSessions } from './accounts.ts'

/** Why access tokens are good no more: their session has ended, or their account has changed. */
export type Ending =
  { readonly sessionId: SessionId } | { readonly userId: UserId; readonly accessVersion: number }

export type WantedEndings = {
  /** The `asOf` of the first answer to an earlier question; undefined: those of the last `withinSeconds`. */
  readonly since: Date | undefined
  readonly withinSeconds: number
  /** The `nextId` of the last answer to the same question. */
  readonly afterId: string | undefined
}

export type Endings = {
  readonly endings: readonly Ending[]
  /** By the clock of the database. Given as `since`, the next question leaves nothing out. */
  readonly asOf: Date
  /** Undefined when there are no more. */
  readonly nextId: string | undefined
}

/** The sessions of all accounts. Whatever begins or ends one tells so by an event, and of an end as an ending, in the same transaction. */
export type Sessions = {
  /** Ends the person's least used sessions beyond `atMost`. */
  readonly add: (session: Session, atMost: number, trace: Trace) => Promise<void>
  /** `decide` gets the locked session, and may throw. Undefined when there is no such session. */
  readonly update: (
    id: SessionId,
    decide: (session: Session) => Session,
    trace: Trace,
  ) => Promise<Session | undefined>
  /** Those that go on, the latest used first. */
  readonly ofUser: (userId: UserId, at: Date) => Promise<readonly Session[]>
  /** Ends all that go on but one. */
  readonly endAll: (userId: UserId, ends: EndsSessions, trace: Trace) => Promise<void>
  /** One answer has room for so many as a message takes. */
  readonly endings: (wanted: WantedEndings) => Promise<Endings>
  /** Forgets what ended or expired before. */
  readonly forget: (before: Date) => Promise<void>
}
