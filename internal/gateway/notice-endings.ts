import type { UserService } from '../gen/user/v1/user_pb.ts'
import type { Handlers } from '../platform/service.ts'

type Users = Handlers<typeof UserService>

/**
 * Tells whenever something that passes through this gateway may have ended a session, a key or a right. Other gateways
 * then ask at once, and would ask a moment later anyway. A call that failed is told of too, because it may have been
 * executed, and a refresh that is refused may have ended its session.
 */
export function noticeEndings(users: Users, tell: () => void): Users {
  const after = <Answer>(work: Promise<Answer>): Promise<Answer> => work.finally(tell)
  return {
    ...users,
    refreshSession: async (request, call) =>
      users.refreshSession(request, call).catch((err: unknown) => {
        tell()
        throw err
      }),
    endSession: (request, call) => after(users.endSession(request, call)),
    endSessions: (request, call) => after(users.endSessions(request, call)),
    changePassword: (request, call) => after(users.changePassword(request, call)),
    confirmPasswordReset: (request, call) => after(users.confirmPasswordReset(request, call)),
    changeAccess: (request, call) => after(users.changeAccess(request, call)),
    eraseUser: (request, call) => after(users.eraseUser(request, call)),
    deleteApiKey: (request, call) => after(users.deleteApiKey(request, call)),
  }
}
