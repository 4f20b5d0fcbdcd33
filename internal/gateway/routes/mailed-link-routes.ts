import { Type } from 'typebox'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes, userText } from '../limits.ts'
import { NewPassword } from './user-schemas.ts'

/** Ours have 80 characters: an id and a digest. */
const linkTokenLength = 120

const LinkToken = Type.String({ maxLength: linkTokenLength, description: 'From the link of the mail' })

const ResetBody = Type.Object(
  { email: Type.String({ maxLength: userText.login, description: 'Any text gets the same answer' }) },
  { additionalProperties: false },
)

const ConfirmResetBody = Type.Object(
  { token: LinkToken, newPassword: NewPassword },
  { additionalProperties: false },
)

const ConfirmVerificationBody = Type.Object({ token: LinkToken }, { additionalProperties: false })

/** Whether a mail is sent is told to nobody but its receiver. */
const Nothing = Type.Object({})

export type MailedLinkDeps = { readonly users: Handlers<typeof UserService> }

/** What is done with the links of mails. */
export function mailedLinkRoutes({ users }: MailedLinkDeps): readonly Endpoint[] {
  return [...resetting(users), ...verifying(users)]
}

function resetting(users: MailedLinkDeps['users']): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/auth/password-reset',
      access: 'anyone',
      tag: 'users',
      id: 'requestPasswordReset',
      summary:
        'Have a mail sent with which a new password can be set. The answer is the same whether there is such an account or not',
      rate: 'credentials',
      bodyBytes: bodyBytes.login,
      body: ResetBody,
      status: 202,
      response: Nothing,
      async handle({ body }, call) {
        await users.requestPasswordReset(body, call)
        return { body: {} }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/auth/password-reset/confirm',
      access: 'anyone',
      tag: 'users',
      id: 'confirmPasswordReset',
      summary: 'Set a new password with the token of such a mail, which is good once; all sessions end',
      admission: 'credentials',
      rate: 'credentials',
      bodyBytes: bodyBytes.login,
      body: ConfirmResetBody,
      status: 204,
      response: Type.Null(),
      async handle({ body }, call) {
        await users.confirmPasswordReset(body, call)
        return { body: null }
      },
    }),
  ]
}

function verifying(users: MailedLinkDeps['users']): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/auth/email-verification',
      access: 'customer',
      tag: 'users',
      id: 'requestEmailVerification',
      summary: 'Have a mail sent again with which one verifies the own e-mail address',
      rate: 'credentials',
      takesIdempotencyKey: true,
      status: 202,
      response: Nothing,
      async handle(_input, call) {
        const { replayed } = await users.requestEmailVerification({}, call)
        return { body: {}, isReplay: replayed }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/auth/email-verification/confirm',
      access: 'anyone',
      tag: 'users',
      id: 'confirmEmailVerification',
      summary: 'Verify an e-mail address with the token of such a mail, which is good once',
      rate: 'credentials',
      bodyBytes: bodyBytes.login,
      body: ConfirmVerificationBody,
      status: 204,
      response: Type.Null(),
      async handle({ body }, call) {
        await users.confirmEmailVerification(body, call)
        return { body: null }
      },
    }),
  ]
}
