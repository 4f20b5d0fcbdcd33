import type { Ending, Sessions } from '../application/sessions.ts'
import type { UserId } from '../domain/account.ts'
import { endSession, isLiving, revoked, type Session, type SessionId } from '../domain/session.ts'

export type FakeSessions = Sessions & {
  readonly tell: (ending: Ending) => void
  /** All of the person are gone, and those that went on are told of. */
  readonly forgetUser: (userId: UserId) => void
}

/** Sessions in memory. They pass the same contract suite as the real ones. */
export function fakeSessions(isBlocked: (userId: UserId) => boolean = () => false): FakeSessions {
  const stored = new Map<SessionId, Session>()
  let endings: readonly Ending[] = []
  const tell = (ending: Ending): void => void (endings = [...endings, ending])

  function put(session: Session): void {
    const seen = stored.get(session.id)
    stored.set(session.id, session)
    if (session.endedAt && !seen?.endedAt) tell({ sessionId: session.id })
  }

  const living = (userId: string, at: Date): readonly Session[] =>
    [...stored.values()]
      .filter((session) => session.userId === userId && isLiving(session, at))
      .sort((one, other) => other.refreshedAt.getTime() - one.refreshedAt.getTime() || compare(other, one))

  return {
    tell,
    async add(session, atMost) {
      if (isBlocked(session.userId)) throw revoked()
      put(session)
      for (const { id } of living(session.userId, session.createdAt).slice(atMost))
        put(endSession(stored.get(id) ?? session, session.createdAt))
    },
    async update(id, decide) {
      const seen = stored.get(id)
      if (!seen) return undefined
      const session = decide(seen)
      put(session)
      return session
    },
    ofUser: async (userId, at) => living(userId, at),
    async endAll(userId, except, at) {
      for (const session of stored.values())
        if (session.userId === userId && session.id !== except && !session.endedAt)
          put(endSession(session, at))
    },
    forgetUser(userId) {
      for (const { id, userId: owner, endedAt } of stored.values()) {
        if (owner !== userId) continue
        stored.delete(id)
        if (!endedAt) tell({ sessionId: id })
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
