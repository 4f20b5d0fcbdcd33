import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type {
  beginOwnSecondFactor,
  confirmOwnSecondFactor,
  removeOwnSecondFactor,
} from '../application/second-factors.ts'

export type SecondFactorApp = {
  readonly beginOwnSecondFactor: ReturnType<typeof beginOwnSecondFactor>
  readonly confirmOwnSecondFactor: ReturnType<typeof confirmOwnSecondFactor>
  readonly removeOwnSecondFactor: ReturnType<typeof removeOwnSecondFactor>
}

type Methods = 'beginSecondFactor' | 'confirmSecondFactor' | 'removeSecondFactor'

export function secondFactorRpc(app: SecondFactorApp): Pick<Handlers<typeof UserService>, Methods> {
  return {
    beginSecondFactor: (_request, call) => app.beginOwnSecondFactor(call),
    confirmSecondFactor: async ({ code }, call) => ({
      recoveryCodes: await app.confirmOwnSecondFactor(code, call),
    }),
    async removeSecondFactor({ code }, call) {
      await app.removeOwnSecondFactor(code, call)
      return {}
    },
  }
}
