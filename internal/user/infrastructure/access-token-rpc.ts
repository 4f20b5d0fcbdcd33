import type { UserService } from '../../gen/user/v1/user_pb.ts'
import { requireSystem } from '../../platform/call.ts'
import { invalid, tokenReader, type Identity } from '../../platform/callers/tokens.ts'
import { verifiersOf } from '../../platform/callers/verifiers.ts'
import type { Handlers } from '../../platform/service.ts'

export type AccessTokenApp = { readonly readAccessToken: (token: string) => Identity }

/** Gateways sign access tokens with secrets that they share with this service, and with no other. */
export function accessTokens(secrets: readonly string[]): AccessTokenApp {
  const readToken = tokenReader(verifiersOf(secrets))
  return {
    readAccessToken(token) {
      const identity = readToken(`Bearer ${token}`)
      if (!identity) throw invalid()
      return identity
    },
  }
}

export function accessTokenRpc(app: AccessTokenApp): Pick<Handlers<typeof UserService>, 'readAccessToken'> {
  return {
    async readAccessToken({ token }, call) {
      requireSystem(call)
      const { userId, role, permissions, email, sessionId, accessVersion, ...identity } =
        app.readAccessToken(token)
      return {
        ...{ userId, role, permissions, email, sessionId, accessVersion },
        secondFactor: identity.hasSecondFactor,
        expiresAt: new Date(identity.expiresAtSeconds * 1_000).toISOString(),
      }
    },
  }
}
