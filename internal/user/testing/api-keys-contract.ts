import type { Test } from 'tap'
import { newId } from '../../platform/new-id.ts'
import type { ApiKeys } from '../application/api-keys.ts'
import type { UserId } from '../domain/account.ts'
import { makeApiKey, type ApiKey, type ApiKeyId } from '../domain/api-key.ts'
import { morning, noon, trace } from './accounts-contract.ts'

/** A store under test, and the ids of keys that gateways were told of. */
export type ApiKeysFixture = {
  readonly apiKeys: ApiKeys
  readonly ended: () => Promise<readonly string[]>
}

export const newKey = (): ApiKey => {
  const made = { id: newId() as ApiKeyId, createdBy: newId() as UserId }
  return makeApiKey(made, { name: 'ERP', scopes: ['orders:read', 'stock:write'], expiresAt: noon }, morning)
}

/** The behaviour of every implementation of the store of API keys. */
export function apiKeysContract(t: Test, open: (t: Test) => Promise<ApiKeysFixture>): void {
  t.test('finds a key by its digest, and lists keys, newest first', async (t) => {
    const { apiKeys } = await open(t)
    const [first, second] = [newKey(), newKey()]
    await apiKeys.add(first, 'a', trace)
    await apiKeys.add(second, 'b', trace)
    t.same(await apiKeys.findByHash('a'), first)
    t.equal(await apiKeys.findByHash('c'), undefined)
    t.same(await apiKeys.list(9), [second, first])
    t.same(await apiKeys.list(1), [second])
  })

  t.test('notes when a key was used', async (t) => {
    const { apiKeys } = await open(t)
    const key = newKey()
    await apiKeys.add(key, 'a', trace)
    await apiKeys.noteUse(key.id, noon)
    t.same(await apiKeys.findByHash('a'), { ...key, lastUsedAt: noon })
    await apiKeys.noteUse(newId() as ApiKeyId, noon)
  })

  t.test('a key that is removed by eight at once is gone, and told of once', async (t) => {
    const { apiKeys, ended } = await open(t)
    const key = newKey()
    await apiKeys.add(key, 'a', trace)
    const removed = await Promise.all(Array.from({ length: 8 }, () => apiKeys.remove(key.id, trace)))
    t.equal(removed.filter(Boolean).length, 1)
    t.same(await ended(), [key.id])
    t.equal(await apiKeys.findByHash('a'), undefined)
  })

  t.test('a request that is repeated finds its key, and not another’s', async (t) => {
    const { apiKeys } = await open(t)
    const [key, once] = [newKey(), { key: newId(), fingerprint: 'f' }]
    await apiKeys.add(key, 'a', trace, once)
    t.same(await apiKeys.findByRequest(once), key)
    await t.rejects(apiKeys.findByRequest({ ...once, fingerprint: 'g' }), {
      code: 'request.idempotency-key-reused',
    })
    await t.rejects(apiKeys.add(newKey(), 'b', trace, once), { code: 'request.idempotency-key-in-use' })
    t.equal(await apiKeys.findByHash('b'), undefined, 'nothing is left of it')
    await apiKeys.remove(key.id, trace)
    await t.rejects(apiKeys.findByRequest(once), { code: 'api-key.not-found' })
  })
}
