import type { Trace } from '../../platform/call.ts'
import type { Ending, Sessions } from '../application/sessions.ts'
import type { UserId } from '../domain/account.ts'
import type { ToldSession } from '../infrastructure/session-events.ts'
import { endSession, isLiving, revoked, type Session, type SessionId } from '../domain/session.ts'

export type FakeSessions = Sessions & {
  readonly tell: (ending: Ending) => void
  /** All of the person are gone, and those that went on are told of. */
  readonly forgetUser: (userId: UserId, at: Date, trace: Trace) => void
}

type Deps = {
  readonly isBlocked?: (userId: UserId) => boolean
  readonly publish?: (userId: UserId, told: ToldSession, trace: Trace) => void
}

/** Sessions in memory. They pass the same contract suite as the real ones. */
export function fakeSessions({
  isBlocked = () => false,
  publish = () => undefined,
}: Deps = {}): FakeSessions {
  const stored = new Map<SessionId, Session>()
  let endings: readonly Ending[] = []
  const tell = (ending: Ending): void => void (endings = [...endings, ending])

  function put(session: Session, trace: Trace): void {
    const seen = stored.get(session.id)
    stored.set(session.id, session)
    const { id, userId, createdAt, endReason: reason, endedAt: at } = session
    if (!seen) publish(userId, { id, reason: undefined, at: createdAt }, trace)
    if (!at || seen?.endedAt) return
    tell({ sessionId: id })
    publish(userId, { id, reason, at }, trace)
  }

  const living = (userId: string, at: Date): readonly Session[] =>
    [...stored.values()]
      .filter((session) => session.userId === userId && isLiving(session, at))
      .sort((one, other) => other.refreshedAt.getTime() - one.refreshedAt.getTime() || compare(other, one))

  return {
    tell,
    async add(session, atMost, trace) {
      if (isBlocked(session.userId)) throw revoked()
      put(session, trace)
      for (const { id } of living(session.userId, session.createdAt).slice(atMost))
        put(endSession(stored.get(id) ?? session, 'too_many', session.createdAt), trace)
    },
    async update(id, decide, trace) {
      const seen = stored.get(id)
      if (!seen) return undefined
      const session = decide(seen)
      put(session, trace)
      return session
    },
    ofUser: async (userId, at) => living(userId, at),
    async endAll(userId, { except, reason, at }, trace) {
      for (const session of stored.values())
        if (session.userId === userId && session.id !== except && !session.endedAt)
          put(endSession(session, reason, at), trace)
    },
    forgetUser(userId, at, trace) {
      for (const session of stored.values()) {
        if (session.userId !== userId) continue
        if (!session.endedAt) put(endSession(session, 'erased', at), trace)
        stored.delete(session.id)
      }
    },
    endings: async () => ({ endings, asOf: new Date(), nextId: undefined }),
    async forget(before) {
      for (const { id, endedAt, expiresAt } of stored.values())
        if ((endedAt ?? expiresAt) < before || expiresAt < before) stored.delete(id)
    },
  }
}

const compare = (one: Session, other: Session): number => (one.id < other.id ? -1 : 1)
