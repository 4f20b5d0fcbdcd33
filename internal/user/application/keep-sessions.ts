import { requireSystem, requireUser, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { UserId } from '../domain/account.ts'
import { endSession, refreshSession, revoked, type Session, type SessionId } from '../domain/session.ts'
import type { Accounts } from './accounts.ts'
import type { LoggedIn, SessionDeps } from './begin-session.ts'
import type { Endings, Sessions, WantedEndings } from './sessions.ts'

type Deps = Pick<SessionDeps, 'sessions' | 'sessionDays' | 'now'>

/** A new pair of tokens for whoever has the present refresh token, or the last one if it was spent just now. */
export function refreshPair({
  sessions,
  sessionDays,
  now,
  accounts,
}: Deps & { readonly accounts: Accounts }) {
  return async (id: SessionId, generation: number, call: Call): Promise<LoggedIn> => {
    requireSystem(call) // the gateway has read the refresh token
    const refresh = (seen: Session): Session => refreshSession(seen, generation, sessionDays, now())
    const session = await sessions.update(id, refresh, traceOf(call))
    if (!session || session.endedAt) throw revoked()
    const account = await accounts.find(session.userId)
    if (!account || account.blockedAt) throw revoked()
    return { account, session }
  }
}

export function listSessions({ sessions, now }: Deps) {
  return async (call: Call): Promise<readonly Session[]> => sessions.ofUser(ownId(call), now())
}

/** Ends one of the caller's own sessions. One that has ended is unknown. */
export function endOwnSession({ sessions, now }: Deps) {
  return async (id: SessionId, call: Call): Promise<void> => {
    const userId = ownId(call)
    const end = (session: Session): Session => {
      if (session.userId !== userId || session.endedAt) throw unknownSession()
      return endSession(session, 'logged_out', now())
    }
    const ended = await sessions.update(id, end, traceOf(call))
    if (!ended) throw unknownSession()
  }
}

export function endOwnSessions({ sessions, now }: Deps) {
  return async (call: Call): Promise<void> =>
    sessions.endAll(ownId(call), { reason: 'logged_out_everywhere', at: now() }, traceOf(call))
}

/** For gateways, which ask again and again. */
export function listEndings({ sessions }: { readonly sessions: Sessions }) {
  return async (wanted: WantedEndings, call: Call): Promise<Endings> => {
    requireSystem(call)
    return sessions.endings(wanted)
  }
}

const ownId = (call: Call): UserId => requireUser(call).userId as UserId

const unknownSession = (): Refusal =>
  new Refusal('not-found', 'session.not-found', 'there is no such session')
