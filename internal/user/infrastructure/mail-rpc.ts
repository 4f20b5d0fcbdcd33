import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type {
  confirmEmailVerification,
  confirmPasswordReset,
  describeMailRequest,
} from '../application/confirm-mail.ts'
import type { requestEmailVerification, requestPasswordReset } from '../application/request-mail.ts'
import type { MailRequestId } from '../domain/mail-request.ts'

export type MailApp = {
  readonly requestPasswordReset: ReturnType<typeof requestPasswordReset>
  readonly confirmPasswordReset: ReturnType<typeof confirmPasswordReset>
  readonly requestEmailVerification: ReturnType<typeof requestEmailVerification>
  readonly confirmEmailVerification: ReturnType<typeof confirmEmailVerification>
  readonly describeMailRequest: ReturnType<typeof describeMailRequest>
}

export function mailRpc(app: MailApp): Pick<Handlers<typeof UserService>, keyof MailApp> {
  return {
    async requestPasswordReset({ email }, call) {
      await app.requestPasswordReset(email, call)
      return {}
    },
    async confirmPasswordReset({ token, newPassword }, call) {
      await app.confirmPasswordReset(token, newPassword, call)
      return {}
    },
    async requestEmailVerification(_request, call) {
      const { isReplay: replayed } = await app.requestEmailVerification(call)
      return { replayed }
    },
    async confirmEmailVerification({ token }, call) {
      await app.confirmEmailVerification(token, call)
      return {}
    },
    async describeMailRequest({ requestId }, call) {
      const { request, account, token } = await app.describeMailRequest(parseMailRequestId(requestId), call)
      const { email, name, username } = account
      return { kind: request.kind, email, name, username, token, expiresAt: request.expiresAt.toISOString() }
    },
  }
}

const parseMailRequestId = (id: string): MailRequestId =>
  parseUuid(id, 'mail-request.id-invalid', "a mail request's id") as MailRequestId
