import { Type, type Static } from 'typebox'
import type { SessionSchema } from '../../gen/user/v1/user_pb.ts'
import type { Wire } from '../../platform/wire.ts'
import { userText } from '../limits.ts'
import { refTo, Time, Uuid } from '../schemas.ts'
import { NewPassword, User } from './user-schemas.ts'

/** Six digits of an app, or a recovery code as people write it. */
export const Code = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'Of the second factor: of the app, or a recovery code',
})

export const LoginBody = Type.Object(
  {
    email: Type.Optional(Type.String({ maxLength: userText.login, description: 'Either this' })),
    username: Type.Optional(Type.String({ maxLength: userText.login, description: 'or this' })),
    password: Type.String({ maxLength: userText.login }),
    code: Type.Optional(Code),
  },
  { additionalProperties: false },
)

export const TokenPair = Type.Object({
  accessToken: Type.String(),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'Seconds' }),
  refreshToken: Type.String({ description: 'Good for one refresh' }),
  refreshExpiresIn: Type.Integer({ description: 'Seconds' }),
  sessionId: Uuid,
  user: refTo(User),
})

/** Ours have 82 to 91 characters. */
const refreshTokenLength = 120

export const RefreshBody = Type.Object(
  { refreshToken: Type.String({ maxLength: refreshTokenLength }) },
  { additionalProperties: false },
)

export const PasswordBody = Type.Object(
  { currentPassword: Type.String({ maxLength: userText.login }), newPassword: NewPassword },
  { additionalProperties: false },
)

export const EraseBody = Type.Object(
  {
    password: Type.Optional(
      Type.String({ maxLength: userText.login, description: 'Of an account that has one' }),
    ),
    code: Type.Optional(Code),
  },
  { additionalProperties: false },
)

const Session = Type.Object({
  id: Uuid,
  createdAt: Time,
  lastUsedAt: { ...Time, description: 'When it was last refreshed' },
  expiresAt: { ...Time, description: 'Unless it is used before' },
  client: Type.String({ description: 'The User-Agent at login' }),
  address: Type.String({ description: 'The address at login' }),
  isCurrent: Type.Boolean({ description: 'It is the one that asks' }),
})

export const SessionList = Type.Object({ data: Type.Array(Session) })

export function sessionBody(
  session: Wire<typeof SessionSchema>,
  currentId: string | undefined,
): Static<typeof Session> {
  const { id, createdAt, refreshedAt, expiresAt, client, address } = session
  return { id, createdAt, lastUsedAt: refreshedAt, expiresAt, client, address, isCurrent: id === currentId }
}
