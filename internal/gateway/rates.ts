import rateLimit, { normalizeIP, type FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../platform/refusal.ts'
import { windowMs, type Attempt, type Rates, type Windows } from './together/windows.ts'

type Limits = { readonly rateLimitPerMinute: number; readonly apiKeyRequestsPerMinute: number }

export async function limitRates(
  app: FastifyInstance,
  { rateLimitPerMinute, apiKeyRequestsPerMinute }: Limits,
  rates: Rates,
): Promise<void> {
  await app.register(rateLimit, {
    max: (request) => (keyIdOf(request) === undefined ? rateLimitPerMinute : apiKeyRequestsPerMinute),
    timeWindow: windowMs,
    store: storeOver(rates),
    enableDraftSpec: true,
    keyGenerator: (request) => request.caller.identity?.userId ?? keyIdOf(request) ?? addressOf(request),
    errorResponseBuilder: rateLimited,
  })
}

type RouteOptions = { readonly routeInfo?: { readonly method?: unknown; readonly url?: unknown } }

/** All routes count together, but for those with a limit of their own, each of which counts alone. */
function storeOver(rates: Rates): FastifyRateLimitStoreCtor {
  function Store() {
    const child = ({ routeInfo }: RouteOptions) =>
      storeOf(rates.exactWindows(`requests ${String(routeInfo?.method)} ${String(routeInfo?.url)}`))
    return { ...storeOf(rates.windows('requests')), child }
  }
  return Store as unknown as FastifyRateLimitStoreCtor // it is called with `new`
}

type Counted = { readonly current: number; readonly ttl: number }

function storeOf(windows: Windows) {
  return {
    incr(key: string, done: (err: Error | null, counted: Counted) => void, _timeWindow: number, max: number) {
      const tell = ({ isAllowed, remaining, resetMs }: Attempt): void =>
        done(null, { current: isAllowed ? max - remaining : max + 1, ttl: resetMs })
      const attempt = windows.begin(key, max)
      if (attempt instanceof Promise) void attempt.then(tell)
      else tell(attempt)
    },
  }
}

function keyIdOf({ caller: { call } }: FastifyRequest): string | undefined {
  return call.actor?.kind === 'key' ? call.actor.keyId : undefined
}

/** Counts by address even for callers who are logged in, because several tokens would give more guesses. */
export function credentialRate(perMinute: number) {
  return { max: perMinute, timeWindow: windowMs, keyGenerator: addressOf }
}

export const addressOf = (request: FastifyRequest): string => networkOf(request.ip)

/** IPv6 addresses are counted by their /64 network, because one customer has all of it. */
export const networkOf = (address: string): string => normalizeIP(address)

export const rateLimited = (): Refusal =>
  new Refusal('invalid', 'request.rate-limited', 'too many requests; Retry-After says when to try again')
