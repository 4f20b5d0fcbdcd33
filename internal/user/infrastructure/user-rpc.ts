import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { findAccount } from '../application/find-account.ts'
import type { getUser } from '../application/get-user.ts'
import type { registerUser } from '../application/register-user.ts'
import type { updateProfile } from '../application/update-profile.ts'
import type { UserId } from '../domain/account.ts'
import { sessionRpc, type SessionApp } from './session-rpc.ts'
import { userJson } from './user-json.ts'

export type UserApp = SessionApp & {
  readonly registerUser: ReturnType<typeof registerUser>
  readonly findAccount: ReturnType<typeof findAccount>
  readonly getUser: ReturnType<typeof getUser>
  readonly updateProfile: ReturnType<typeof updateProfile>
}

export function userRpc(app: UserApp): Handlers<typeof UserService> {
  return {
    ...sessionRpc(app),
    async registerUser(request, call) {
      const { result, isReplay } = await app.registerUser(request, call)
      return { user: userJson(result), replayed: isReplay }
    },
    findAccount: async ({ login }) => ({ id: (await app.findAccount(login)) ?? '' }),
    getUser: async ({ id }, call) => ({ user: userJson(await app.getUser(parseUserId(id), call)) }),
    updateProfile: async (request, call) => ({ user: userJson(await app.updateProfile(request, call)) }),
  }
}

const parseUserId = (id: string): UserId => parseUuid(id, 'user.id-invalid', "a user's id") as UserId
