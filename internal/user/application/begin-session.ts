import { traceOf, type Call, type Trace } from '../../platform/call.ts'
import type { Account } from '../domain/account.ts'
import { beginSession, type Session, type SessionId } from '../domain/session.ts'
import type { Credentials, logIn } from './log-in.ts'
import type { passSecondFactor } from './second-factors.ts'
import type { Sessions } from './sessions.ts'

export type SessionDeps = {
  readonly sessions: Sessions
  readonly sessionDays: number
  readonly newSessionId: () => SessionId
  readonly now: () => Date
}

/** Far more than the devices of a person. Whoever knows a password can't fill the table with logins. */
export const sessionsOfOne = 100

export type LoggedIn = { readonly account: Account; readonly session: Session }

/** Logs somebody in on a device. */
export function startSession(
  deps: SessionDeps & {
    readonly logIn: ReturnType<typeof logIn>
    readonly passSecondFactor: ReturnType<typeof passSecondFactor>
  },
) {
  type From = Pick<Session, 'client' | 'address'>
  return async (
    credentials: Credentials & From & { readonly code: string },
    call: Call,
  ): Promise<LoggedIn> => {
    const account = await deps.logIn(credentials)
    await deps.passSecondFactor(account, credentials.code)
    return beginSessionOf(deps)(account, credentials, traceOf(call))
  }
}

/** For somebody who has been let in already. */
export function beginSessionOf(deps: SessionDeps) {
  return async (
    account: Account,
    { client, address }: Pick<Session, 'client' | 'address'>,
    trace: Trace,
  ): Promise<LoggedIn> => {
    const beginning = { id: deps.newSessionId(), userId: account.id, client, address }
    const session = beginSession(beginning, deps.sessionDays, deps.now())
    await deps.sessions.add(session, sessionsOfOne, trace)
    return { account, session }
  }
}
