import { Type } from 'typebox'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { bodyBytes } from '../limits.ts'
import { Code } from './session-schemas.ts'
import type { Identity } from '../../platform/callers/tokens.ts'

export type SecondFactorDeps = { readonly users: Handlers<typeof UserService> }

const path = '/users/me/second-factor'
const CodeBody = Type.Object({ code: Code }, { additionalProperties: false })

/** Whoever has got hold of a token must not guess codes with it. */
const guesses = {
  admission: 'credentials',
  rate: 'credentials',
  logins: (_body: unknown, identity: Identity | undefined) => (identity ? [identity.email] : []),
  bodyBytes: bodyBytes.login,
} as const

export function secondFactorRoutes({ users }: SecondFactorDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path,
      access: 'customer',
      isForSetup: true,
      tag: 'users',
      id: 'beginSecondFactor',
      summary:
        'Begin a second factor: what an app (TOTP) has to be told, shown once. Logins need it when it is confirmed',
      status: 201,
      response: Type.Object({
        secret: Type.String({ description: 'In base32, for who types it' }),
        uri: Type.String({ description: 'otpauth://…, for a QR code' }),
      }),
      async handle(_input, call) {
        return { body: await users.beginSecondFactor({}, call) }
      },
    }),
    endpoint({
      ...guesses,
      method: 'POST',
      path: `${path}/confirm`,
      access: 'customer',
      isForSetup: true,
      tag: 'users',
      id: 'confirmSecondFactor',
      summary:
        'Confirm it with a code of the app. The answer has the recovery codes, once, each of which is good once',
      body: CodeBody,
      status: 200,
      response: Type.Object({ recoveryCodes: Type.Array(Type.String()) }),
      async handle({ body }, call) {
        const { recoveryCodes } = await users.confirmSecondFactor(body, call)
        return { body: { recoveryCodes: [...recoveryCodes] } }
      },
    }),
    endpoint({
      ...guesses,
      method: 'DELETE',
      path,
      access: 'customer',
      tag: 'users',
      id: 'removeSecondFactor',
      summary: 'Remove the second factor, with a code of the app or a recovery code',
      body: CodeBody,
      status: 204,
      response: Type.Null(),
      async handle({ body }, call) {
        await users.removeSecondFactor(body, call)
        return { body: null }
      },
    }),
  ]
}
