import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import { systemCall } from '../call.ts'
import { isPermission, type Permission } from '../permissions.ts'
import { Refusal } from '../refusal.ts'
import type { Handlers } from '../service.ts'

/** What is known of the key with which a back end calls. */
export type KnownKey = {
  readonly keyId: string
  readonly permissions: readonly Permission[]
  /** Infinity: it does not expire. */
  readonly expiresAtMs: number
}

/** Whose keys requests bring. The user service is asked for each key once a minute, and is told so that it is in use. */
export type ApiKeys = {
  /** The key's text, if the header brings one. */
  readonly secretIn: (authorization: string | undefined) => string | undefined
  /** What is remembered; undefined: ask. */
  readonly recall: (secret: string) => KnownKey | Refusal | undefined
  /** Rejects when the user service does not answer. */
  readonly ask: (secret: string) => Promise<KnownKey | Refusal>
}

const remembered = { max: 5_000, ttl: 60_000 }
/** Nobody makes keys with the text of one that was unknown, so this only saves questions. */
const rememberedUnknown = { max: 10_000, ttl: 10_000 }

export function apiKeysOf(users: Pick<Handlers<typeof UserService>, 'findApiKey'>): ApiKeys {
  const known = new LRUCache<string, KnownKey>(remembered)
  const unknown = new LRUCache<string, true>(rememberedUnknown)
  const asking = new Map<string, Promise<KnownKey | Refusal>>()

  async function find(hash: string): Promise<KnownKey | Refusal> {
    const [found] = (await users.findApiKey({ hash }, systemCall(''))).apiKeys
    if (!found) {
      unknown.set(hash, true)
      return keyInvalid()
    }
    const { id: keyId, scopes, expiresAt } = found
    const expiresAtMs = expiresAt === '' ? Infinity : Date.parse(expiresAt)
    const key = { keyId, permissions: scopes.filter(isPermission), expiresAtMs }
    known.set(hash, key)
    return key
  }

  return {
    secretIn: (authorization) => /^Bearer +(tsk_\S*)$/i.exec(authorization ?? '')?.[1],
    recall(secret) {
      if (!/^tsk_[\w-]{43}$/.test(secret)) return keyInvalid()
      const hash = hashOf(secret)
      const key = known.get(hash)
      if (key) return key.expiresAtMs > Date.now() ? key : keyInvalid()
      return unknown.has(hash) ? keyInvalid() : undefined
    },
    ask(secret) {
      const hash = hashOf(secret)
      const asked = asking.get(hash) ?? find(hash).finally(() => asking.delete(hash))
      asking.set(hash, asked)
      return asked
    },
  }
}

/** The same as the user service's: the key itself stays here. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

export const keyInvalid = (): Refusal =>
  new Refusal('unauthenticated', 'auth.key-invalid', 'the API key is unknown, was deleted or has expired')
