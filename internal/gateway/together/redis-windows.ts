import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { SharedRedis } from './redis.ts'
import { digestOf } from './shared-windows.ts'
import { windowMs, type Windows } from './windows.ts'

/** A window has the count `n` and a name `w` of its own, so that nobody takes an attempt back from a later window. */
const beginScript = `
  if redis.call('EXISTS', KEYS[1]) == 0 then
    redis.call('HSET', KEYS[1], 'n', 0, 'w', ARGV[3])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
  end
  local count = tonumber(redis.call('HGET', KEYS[1], 'n'))
  local isAllowed = 0
  if count < tonumber(ARGV[1]) then
    isAllowed = 1
    count = redis.call('HINCRBY', KEYS[1], 'n', 1)
  end
  return {isAllowed, count, redis.call('PTTL', KEYS[1]), redis.call('HGET', KEYS[1], 'w')}`

const forgiveScript = `
  if redis.call('HGET', KEYS[1], 'w') == ARGV[1] then redis.call('HINCRBY', KEYS[1], 'n', -1) end`

type Begun = readonly [isAllowed: number, count: number, resetMs: number, window: string]

type Deps = {
  readonly redis: SharedRedis
  readonly secret: string
  /** Counts while Redis does not. */
  readonly fallback: (name: string) => Windows
}

/** Redis counts for all gateways, so that a limit is exact however many there are. */
export function redisWindows({ redis, secret, fallback }: Deps) {
  return (name: string): Windows => {
    const alone = fallback(name)
    return {
      async begin(key, max) {
        const id = `tillstream:rate:${digestOf(secret, name, key)}`
        const begun = await redis.ask(
          (client) => client.eval(beginScript, 1, id, max, windowMs, newName()) as Promise<Begun>,
        )
        if (!begun) return alone.begin(key, max)
        const [allowed, count, resetMs, window] = begun
        return {
          ...{ isAllowed: allowed === 1, remaining: Math.max(0, max - count), resetMs: Math.max(1, resetMs) },
          forgive() {
            if (allowed === 1) void redis.ask((client: Redis) => client.eval(forgiveScript, 1, id, window))
          },
        }
      },
    }
  }
}

const newName = (): string => randomBytes(9).toString('base64url')
