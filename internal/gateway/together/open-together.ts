import type { Log } from '../../platform/log.ts'
import type { Nats } from '../../platform/nats.ts'
import type { Scope } from '../../platform/run.ts'
import { noBus, type Bus } from './bus.ts'
import { natsBus } from './nats-bus.ts'
import type { Rates } from './windows.ts'
import { sharedWindows } from './shared-windows.ts'

/** What the gateways of a shop do together. */
export type Together = { readonly bus: Bus; readonly rates: Rates }

type Options = {
  readonly log: Log
  readonly jwtSecret: string
  readonly nats: Nats | undefined
  /** Empty: they speak by NATS. */
  readonly redisUrl: string
}

/** The client of Redis is loaded only where there is a Redis. */
export async function openTogether(scope: Scope, options: Options): Promise<Together> {
  const { log, nats, redisUrl, jwtSecret: secret } = options
  if (redisUrl === '') return togetherBy(nats ? natsBus(nats, log) : noBus, secret)
  const [{ openRedis }, { redisBus }, { redisWindows }] = await Promise.all([
    import('./redis.ts'),
    import('./redis-bus.ts'),
    import('./redis-windows.ts'),
  ])
  const redis = openRedis(scope, log, redisUrl)
  const { bus, rates } = togetherBy(redisBus(redis, log), secret)
  const exactWindows = redisWindows({ redis, secret, fallback: rates.exactWindows })
  return { bus, rates: { ...rates, exactWindows } }
}

export function togetherBy(bus: Bus, secret: string): Together {
  const windows = sharedWindows({ bus, secret })
  return { bus, rates: { windows, exactWindows: windows } }
}
