import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { IdentityProvider } from '../application/identities.ts'
import type {
  beginIdentityLogin,
  finishIdentityLogin,
  redeemLoginCode,
} from '../application/identity-login.ts'
import type { listIdentities, unlinkOwnIdentity } from '../application/own-identities.ts'
import type { IdentityId } from '../domain/identity.ts'
import { loggedInJson } from './session-rpc.ts'

export type IdentityApp = {
  readonly providers: readonly IdentityProvider[]
  readonly beginIdentityLogin: ReturnType<typeof beginIdentityLogin>
  readonly finishIdentityLogin: ReturnType<typeof finishIdentityLogin>
  readonly redeemLoginCode: ReturnType<typeof redeemLoginCode>
  readonly listIdentities: ReturnType<typeof listIdentities>
  readonly unlinkOwnIdentity: ReturnType<typeof unlinkOwnIdentity>
}

type IdentityMethods =
  | 'listIdentityProviders'
  | 'beginIdentityLogin'
  | 'finishIdentityLogin'
  | 'redeemLoginCode'
  | 'listIdentities'
  | 'unlinkIdentity'

export function identityRpc(app: IdentityApp): Pick<Handlers<typeof UserService>, IdentityMethods> {
  return {
    listIdentityProviders: async () => ({ providers: app.providers.map(({ id, name }) => ({ id, name })) }),
    beginIdentityLogin: (request) => app.beginIdentityLogin(request),
    async finishIdentityLogin({ provider, url, attempt }, call) {
      const finished = await app.finishIdentityLogin(provider, url, attempt, call)
      const { returnTo } = finished
      return 'code' in finished
        ? { returnTo, code: finished.code, error: '' }
        : { returnTo, code: '', error: finished.refused.code }
    },
    redeemLoginCode: async (request, call) => loggedInJson(await app.redeemLoginCode(request, call)),
    listIdentities: async (_request, call) => ({
      identities: (await app.listIdentities(call)).map(({ id, provider, createdAt }) => ({
        ...{ id, provider, createdAt: createdAt.toISOString() },
      })),
    }),
    async unlinkIdentity({ id }, call) {
      await app.unlinkOwnIdentity(parseIdentityId(id), call)
      return {}
    },
  }
}

const parseIdentityId = (id: string): IdentityId =>
  parseUuid(id, 'identity.id-invalid', "an identity's id") as IdentityId
