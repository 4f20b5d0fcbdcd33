import { LRUCache } from 'lru-cache'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import { systemCall } from '../call.ts'
import { isPermission } from '../permissions.ts'
import type { Handlers } from '../service.ts'
import { apiKeysOf } from './api-keys.ts'
import type { callerMethods } from './caller-methods.ts'
import { endedSessions } from './ended-sessions.ts'
import type { Identifying } from './identify.ts'
import { copyOf, expired, invalid, isRole, tokenIn, type Identity } from './tokens.ts'

export type CallerQuestions = Pick<Handlers<typeof UserService>, (typeof callerMethods)[number]>

/** The largest ACCESS_TOKEN_SECONDS. The gateways' own may be shorter; endings are remembered for the longest. */
const longestTokenSeconds = 86_400
const rememberedTokens = 5_000

/**
 * Knows callers without the secret that signs tokens: the user service verifies each token once. Whether its session goes
 * on is asked as the gateways ask it.
 */
export const askedCallers = (users: CallerQuestions): Identifying => ({
  readToken: askedTokens(users),
  keys: apiKeysOf(users),
  ended: endedSessions({ users, tokenSeconds: longestTokenSeconds }),
})

function askedTokens(users: CallerQuestions): Identifying['readToken'] {
  const known = new LRUCache<string, Identity>({ max: rememberedTokens })
  const asking = new Map<string, Promise<Identity>>()

  async function ask(token: string): Promise<Identity> {
    const identity = await identityOf(users, token)
    known.set(token, identity)
    return identity
  }

  return (authorization) => {
    if (authorization === undefined) return undefined
    const token = tokenIn(authorization)
    const identity = known.get(token)
    if (identity && identity.expiresAtSeconds * 1_000 <= Date.now()) throw expired()
    if (identity) return identity
    const own = copyOf(token)
    const asked = asking.get(own) ?? ask(own).finally(() => asking.delete(own))
    asking.set(own, asked)
    return asked
  }
}

async function identityOf(users: CallerQuestions, token: string): Promise<Identity> {
  const read = await users.readAccessToken({ token }, systemCall(''))
  const { userId, role, email, sessionId, accessVersion } = read
  if (!isRole(role)) throw invalid()
  return {
    ...{ userId, role, email, sessionId, accessVersion, hasSecondFactor: read.secondFactor },
    permissions: read.permissions.filter(isPermission),
    expiresAtSeconds: Date.parse(read.expiresAt) / 1_000,
  }
}
