import { Type, type Static } from 'typebox'
import type { ApiKeySchema } from '../../gen/user/v1/user_pb.ts'
import { isPermission, permissions } from '../../platform/permissions.ts'
import type { Wire } from '../../platform/wire.ts'
import { userText } from '../limits.ts'
import { Time, Uuid } from '../schemas.ts'

const Scopes = Type.Array(Type.Enum([...permissions]), {
  minItems: 1,
  maxItems: permissions.length,
  description: 'What it may do; the same as permissions of staff',
})

export const NewApiKeyBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: userText.name }),
    scopes: Scopes,
    expiresAt: Type.Optional({ ...Time, description: 'Absent: it does not expire' }),
  },
  { additionalProperties: false },
)

const fields = {
  id: Uuid,
  name: Type.String(),
  scopes: Scopes,
  createdBy: { ...Uuid, description: 'The admin who made it' },
  createdAt: Time,
  expiresAt: Type.Optional(Time),
  lastUsedAt: Type.Optional({ ...Time, description: 'To the minute' }),
}

const ApiKey = Type.Object(fields)

export const NewApiKey = Type.Object({
  ...fields,
  key: Type.Optional(Type.String({ description: 'Shown once: a request that is repeated does not get it' })),
})

export const ApiKeyList = Type.Object({ data: Type.Array(ApiKey) })

export function apiKeyBody(key: Wire<typeof ApiKeySchema>): Static<typeof ApiKey> {
  const { id, name, scopes, createdBy, createdAt, expiresAt, lastUsedAt } = key
  return {
    ...{ id, name, scopes: scopes.filter(isPermission), createdBy, createdAt },
    ...(expiresAt === '' ? {} : { expiresAt }),
    ...(lastUsedAt === '' ? {} : { lastUsedAt }),
  }
}
