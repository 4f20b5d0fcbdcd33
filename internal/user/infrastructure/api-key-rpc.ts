import type { ApiKeySchema, UserService } from '../../gen/user/v1/user_pb.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Wire } from '../../platform/wire.ts'
import type { createApiKey, deleteApiKey, findApiKey, listApiKeys } from '../application/api-keys.ts'
import type { ApiKey, ApiKeyId } from '../domain/api-key.ts'

export type ApiKeyApp = {
  readonly createApiKey: ReturnType<typeof createApiKey>
  readonly listApiKeys: ReturnType<typeof listApiKeys>
  readonly deleteApiKey: ReturnType<typeof deleteApiKey>
  readonly findApiKey: ReturnType<typeof findApiKey>
}

type Methods = 'createApiKey' | 'listApiKeys' | 'deleteApiKey' | 'findApiKey'

export function apiKeyRpc(app: ApiKeyApp): Pick<Handlers<typeof UserService>, Methods> {
  return {
    async createApiKey({ name, scopes, expiresAt }, call) {
      const wanted = { name, scopes, expiresAt: expiresAt === undefined ? undefined : timeOf(expiresAt) }
      const { result, isReplay } = await app.createApiKey(wanted, call)
      return { apiKey: apiKeyJson(result.key), secret: result.secret ?? '', replayed: isReplay }
    },
    listApiKeys: async (_request, call) => ({ apiKeys: (await app.listApiKeys(call)).map(apiKeyJson) }),
    async deleteApiKey({ id }, call) {
      await app.deleteApiKey(parseUuid(id, 'api-key.id-invalid', "an API key's id") as ApiKeyId, call)
      return {}
    },
    async findApiKey({ hash }, call) {
      const found = await app.findApiKey(hash, call)
      return { apiKeys: found ? [apiKeyJson(found)] : [] }
    },
  }
}

function timeOf(text: string): Date {
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time
  throw new Refusal('invalid', 'api-key.invalid-expiry', 'expiresAt is written as RFC 3339 says')
}

const apiKeyJson = ({
  id,
  name,
  scopes,
  createdBy,
  createdAt,
  ...times
}: ApiKey): Wire<typeof ApiKeySchema> => ({
  ...{ id, name, scopes, createdBy, createdAt: createdAt.toISOString() },
  ...{ expiresAt: times.expiresAt?.toISOString() ?? '', lastUsedAt: times.lastUsedAt?.toISOString() ?? '' },
})
