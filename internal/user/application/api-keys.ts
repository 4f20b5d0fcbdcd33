import {
  requireAdmin,
  requireSystem,
  requireUser,
  traceOf,
  type Call,
  type Once,
  type Trace,
} from '../../platform/call.ts'
import { doOnce, type Done } from '../../platform/do-once.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { UserId } from '../domain/account.ts'
import {
  apiKeyNotFound,
  isLivingKey,
  makeApiKey,
  type ApiKey,
  type ApiKeyId,
  type WantedKey,
} from '../domain/api-key.ts'

/** The keys of back ends. Each write is in the log of who did what. */
export type ApiKeys = {
  readonly add: (key: ApiKey, hash: string, trace: Trace, once?: Once) => Promise<void>
  /** The key that the same request has made. Refuses a key of a request that was used with another one. */
  readonly findByRequest: (once: Once) => Promise<ApiKey | undefined>
  readonly findByHash: (hash: string) => Promise<ApiKey | undefined>
  /** Newest first. */
  readonly list: (limit: number) => Promise<readonly ApiKey[]>
  /** Tells the gateways that it is over, in the same transaction. False when there is no such key. */
  readonly remove: (id: ApiKeyId, trace: Trace) => Promise<boolean>
  readonly noteUse: (id: ApiKeyId, at: Date) => Promise<void>
}

type Deps = {
  readonly apiKeys: ApiKeys
  readonly newKeyId: () => ApiKeyId
  readonly newSecret: () => string
  readonly hashOf: (secret: string) => string
  readonly now: () => Date
}

/** Far more than a shop has back ends. */
const mostKeys = 1_000
/** So often a use is written down. */
const useNotedMs = 60_000

/** `secret` is undefined for a request that is repeated: it is shown once. */
export type NewKey = { readonly key: ApiKey; readonly secret: string | undefined }

export function createApiKey({ apiKeys, newKeyId, newSecret, hashOf, now }: Deps) {
  return async (wanted: WantedKey, call: Call): Promise<Done<NewKey>> => {
    requireAdmin(call)
    const made = { id: newKeyId(), createdBy: requireUser(call).userId as UserId }
    const key = makeApiKey(made, wanted, now())
    const earlier = async (once: Once): Promise<NewKey | undefined> => {
      const found = await apiKeys.findByRequest(once)
      return found && { key: found, secret: undefined }
    }
    return doOnce(call.once, earlier, async () => {
      if ((await apiKeys.list(mostKeys)).length === mostKeys)
        throw new Refusal('conflict', 'api-key.too-many', `there are ${mostKeys} keys; delete some first`)
      const secret = newSecret()
      await apiKeys.add(key, hashOf(secret), traceOf(call), call.once)
      return { key, secret }
    })
  }
}

export function listApiKeys({ apiKeys }: Pick<Deps, 'apiKeys'>) {
  return async (call: Call): Promise<readonly ApiKey[]> => {
    requireAdmin(call)
    return apiKeys.list(mostKeys)
  }
}

/** No gateway accepts it any more within a second. */
export function deleteApiKey({ apiKeys }: Pick<Deps, 'apiKeys'>) {
  return async (id: ApiKeyId, call: Call): Promise<void> => {
    requireAdmin(call)
    if (!(await apiKeys.remove(id, traceOf(call)))) throw apiKeyNotFound()
  }
}

/** For gateways, which remember the answer for a minute. Undefined: no such key, or it has expired. */
export function findApiKey({ apiKeys, now }: Pick<Deps, 'apiKeys' | 'now'>) {
  return async (hash: string, call: Call): Promise<ApiKey | undefined> => {
    requireSystem(call)
    const [key, at] = [await apiKeys.findByHash(hash), now()]
    if (!key || !isLivingKey(key, at)) return undefined
    if (at.getTime() - (key.lastUsedAt?.getTime() ?? 0) >= useNotedMs) await apiKeys.noteUse(key.id, at)
    return key
  }
}
