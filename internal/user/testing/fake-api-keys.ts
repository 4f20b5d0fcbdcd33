import { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { ApiKeys } from '../application/api-keys.ts'
import { apiKeyNotFound, type ApiKey, type ApiKeyId } from '../domain/api-key.ts'
import type { ApiKeysFixture } from './api-keys-contract.ts'

/** Keys in memory. They pass the same contract suite as the real ones. */
export function fakeApiKeys(): ApiKeysFixture {
  const stored = new Map<ApiKeyId, { readonly key: ApiKey; readonly hash: string }>()
  const requests = keysInMemory()
  const ended: string[] = []
  const apiKeys: ApiKeys = {
    async add(key, hash, _trace, once) {
      requests.claim(once, key.id)
      stored.set(key.id, { key, hash })
    },
    async findByRequest(once) {
      const id = requests.find(once)
      if (id === undefined) return undefined
      const found = stored.get(id as ApiKeyId)
      if (!found) throw apiKeyNotFound()
      return found.key
    },
    findByHash: async (hash) => [...stored.values()].find((each) => each.hash === hash)?.key,
    list: async (limit) =>
      [...stored.values()]
        .map(({ key }) => key)
        .sort((one, other) => (one.id < other.id ? 1 : -1))
        .slice(0, limit),
    async remove(id) {
      if (!stored.delete(id)) return false
      ended.push(id)
      return true
    },
    async noteUse(id, lastUsedAt) {
      const found = stored.get(id)
      if (found) stored.set(id, { ...found, key: { ...found.key, lastUsedAt } })
    },
  }
  return { apiKeys, ended: async () => ended }
}
