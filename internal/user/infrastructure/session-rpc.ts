import type { EndingSchema, SessionSchema, UserService } from '../../gen/user/v1/user_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Wire } from '../../platform/wire.ts'
import type { LoggedIn, startSession } from '../application/begin-session.ts'
import type { changePassword } from '../application/change-password.ts'
import type {
  endOwnSession,
  endOwnSessions,
  listEndings,
  listSessions,
  refreshPair,
} from '../application/keep-sessions.ts'
import type { Ending } from '../application/sessions.ts'
import type { Session, SessionId } from '../domain/session.ts'
import { userJson } from './user-json.ts'

export type SessionApp = {
  readonly startSession: ReturnType<typeof startSession>
  readonly refreshPair: ReturnType<typeof refreshPair>
  readonly listSessions: ReturnType<typeof listSessions>
  readonly endOwnSession: ReturnType<typeof endOwnSession>
  readonly endOwnSessions: ReturnType<typeof endOwnSessions>
  readonly listEndings: ReturnType<typeof listEndings>
  readonly changePassword: ReturnType<typeof changePassword>
}

type SessionMethods =
  | 'logIn'
  | 'refreshSession'
  | 'listSessions'
  | 'endSession'
  | 'endSessions'
  | 'listEndings'
  | 'changePassword'

export function sessionRpc(app: SessionApp): Pick<Handlers<typeof UserService>, SessionMethods> {
  return {
    logIn: async (request, call) => loggedInJson(await app.startSession(request, call)),
    refreshSession: async ({ sessionId, generation }, call) =>
      loggedInJson(await app.refreshPair(parseSessionId(sessionId), generation, call)),
    listSessions: async (_request, call) => ({
      sessions: (await app.listSessions(call)).map((session) => sessionJson(session, 0)),
    }),
    async endSession({ id }, call) {
      await app.endOwnSession(parseSessionId(id), call)
      return {}
    },
    async endSessions(_request, call) {
      await app.endOwnSessions(call)
      return {}
    },
    async listEndings({ since, withinSeconds, afterId }, call) {
      const wanted = { since: since === '' ? undefined : new Date(since), withinSeconds }
      const { endings, asOf, nextId } = await app.listEndings(
        { ...wanted, afterId: afterId === '' ? undefined : afterId },
        call,
      )
      return { endings: endings.map(endingJson), asOf: asOf.toISOString(), nextId: nextId ?? '' }
    },
    async changePassword({ currentPassword: current, newPassword: wanted, sessionId }, call) {
      const change = { current, wanted, sessionId: parseSessionId(sessionId) }
      const { isReplay: replayed } = await app.changePassword(change, call)
      return { replayed }
    },
  }
}

const parseSessionId = (id: string): SessionId =>
  parseUuid(id, 'session.id-invalid', "a session's id") as SessionId

export const loggedInJson = ({ account, session }: LoggedIn) => ({
  user: userJson(account),
  session: sessionJson(session, account.accessVersion),
})

function sessionJson(session: Session, accessVersion: number): Wire<typeof SessionSchema> {
  const { id, generation, createdAt, refreshedAt, expiresAt, client, address } = session
  return {
    ...{ id, generation, accessVersion, client, address },
    createdAt: createdAt.toISOString(),
    refreshedAt: refreshedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
}

const endingJson = (ending: Ending): Wire<typeof EndingSchema> =>
  'sessionId' in ending
    ? { sessionId: ending.sessionId, userId: '', accessVersion: 0 }
    : { sessionId: '', ...ending }
