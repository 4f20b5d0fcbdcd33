import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Role } from '../../platform/call.ts'
import { parsePageLimit } from '../../platform/page-limit.ts'
import { parsePermissions } from '../../platform/permissions.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { confirmErasures, eraseUser, listErasures } from '../application/erase-users.ts'
import type { findAccount } from '../application/find-account.ts'
import type { getUser } from '../application/get-user.ts'
import type { registerUser } from '../application/register-user.ts'
import type { changeAccessOf, listUsers } from '../application/staff-users.ts'
import type { updateProfile } from '../application/update-profile.ts'
import type { UserId } from '../domain/account.ts'
import type { SessionId } from '../domain/session.ts'
import { accessTokenRpc, type AccessTokenApp } from './access-token-rpc.ts'
import { addressRpc, type AddressApp } from './address-rpc.ts'
import { apiKeyRpc, type ApiKeyApp } from './api-key-rpc.ts'
import { identityRpc, type IdentityApp } from './identity-rpc.ts'
import { mailRpc, type MailApp } from './mail-rpc.ts'
import { secondFactorRpc, type SecondFactorApp } from './second-factor-rpc.ts'
import { sessionRpc, type SessionApp } from './session-rpc.ts'
import { userJson } from './user-json.ts'

export type UserApp = SessionApp &
  AccessTokenApp &
  AddressApp &
  ApiKeyApp &
  MailApp &
  IdentityApp &
  SecondFactorApp & {
    readonly registerUser: ReturnType<typeof registerUser>
    readonly findAccount: ReturnType<typeof findAccount>
    readonly getUser: ReturnType<typeof getUser>
    readonly updateProfile: ReturnType<typeof updateProfile>
    readonly listUsers: ReturnType<typeof listUsers>
    readonly changeAccessOf: ReturnType<typeof changeAccessOf>
    readonly eraseUser: ReturnType<typeof eraseUser>
    readonly listErasures: ReturnType<typeof listErasures>
    readonly confirmErasures: ReturnType<typeof confirmErasures>
  }

export function userRpc(app: UserApp): Handlers<typeof UserService> {
  return {
    ...sessionRpc(app),
    ...accessTokenRpc(app),
    ...addressRpc(app),
    ...apiKeyRpc(app),
    ...mailRpc(app),
    ...secondFactorRpc(app),
    ...identityRpc(app),
    async registerUser(request, call) {
      const { result, isReplay } = await app.registerUser(request, call)
      return { user: userJson(result), replayed: isReplay }
    },
    findAccount: async ({ login }) => ({ id: (await app.findAccount(login)) ?? '' }),
    getUser: async ({ id }, call) => ({ user: userJson(await app.getUser(parseUserId(id), call)) }),
    updateProfile: async (request, call) => ({ user: userJson(await app.updateProfile(request, call)) }),
    async listUsers({ query, role, limit, afterId }, call) {
      const after = afterId === undefined ? undefined : parseUserId(afterId)
      const filter = { query, role: role === undefined ? undefined : parseRole(role), after }
      const { accounts, next } = await app.listUsers({ ...filter, limit: parsePageLimit(limit) }, call)
      return { users: accounts.map(userJson), nextId: next }
    },
    async changeAccess({ id, role, blocked, permissions, removeSecondFactor }, call) {
      const access = {
        ...{ role: role === undefined ? undefined : parseRole(role), blocked },
        removesSecondFactor: removeSecondFactor,
        permissions: permissions.replace ? parsePermissions(permissions.names) : undefined,
      }
      return { user: userJson(await app.changeAccessOf(parseUserId(id), access, call)) }
    },
    async eraseUser({ id, password, code, sessionId }, call) {
      // Of the caller's own token, so it needs no parsing.
      const proof = { password, code, sessionId: sessionId as SessionId }
      await app.eraseUser(parseUserId(id), proof, call)
      return {}
    },
    listErasures: async ({ context }, call) => ({ userIds: await app.listErasures(context, call) }),
    async confirmErasures({ context, userIds }, call) {
      await app.confirmErasures(context, userIds.map(parseUserId), call)
      return {}
    },
  }
}

function parseRole(text: string): Role {
  if (text === 'customer' || text === 'staff' || text === 'admin') return text
  throw new Refusal('invalid', 'user.role-invalid', 'a role is customer, staff or admin')
}

const parseUserId = (id: string): UserId => parseUuid(id, 'user.id-invalid', "a user's id") as UserId
